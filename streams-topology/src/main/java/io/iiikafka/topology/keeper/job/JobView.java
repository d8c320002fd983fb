package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A job that is not over, as operators see it.
 *
 * @param number names it within its partition
 * @param state {@code waiting}, {@code held}, {@code delayed} or {@code active}
 */
public record JobView(long number, String state, long createdMs, RawJson json) {

    static JobView of(Entry entry, Job job, String state) {
        Progress progress = entry.progress();
        JsonBuilder json = JsonBuilder.object(entry.bytes() + 300)
                .member("id", job.call().invocationId())
                .member("status", state)
                .member("function_id", job.call().functionId())
                .member("namespace", job.call().namespace())
                .member("payload", job.call().data())
                .member("attempts", attempts(entry, progress, job))
                .member("enqueued_at", job.enqueuedMs());
        if (entry.waitsUntil() > 0 && !entry.isLent()) {
            json.member("next_at", entry.waitsUntil());
        }
        if (entry.isRunning() && progress != null) {
            json.member("deadline", progress.dueMs());
        }
        optional(json, "error", progress == null ? null : progress.error());
        optional(json, "group", entry.lane());
        if (job.terms() instanceof Terms.Agreed agreed && agreed.priority() != 0) {
            json.member("priority", agreed.priority());
        }
        return new JobView(entry.number(), state, job.createdMs(), json.build());
    }

    /** With those that a gateway made. */
    private static int attempts(Entry entry, @Nullable Progress progress, Job job) {
        int made = job.terms() instanceof Terms.Agreed agreed ? agreed.made() : 0;
        return made + (progress != null ? progress.attempts() : entry.isLent() ? 1 : 0);
    }

    private static void optional(JsonBuilder json, String name, @Nullable String value) {
        if (value != null) {
            json.member(name, value);
        }
    }
}
