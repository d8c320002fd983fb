package io.iiikafka.topology.keeper.job;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What jobs came to that succeeded, of one partition, for as long as their queue says ({@code result_retention_ms}): {@code
 * {"id","status":"succeeded","function_id","namespace","attempts","enqueued_at","ended_at","expires_at","result"}}. Results
 * longer than 64 KiB are left out; beyond 100,000 jobs the ones that would go first go early.
 */
final class Results {

    private static final int MOST = 100_000;
    private static final int MOST_SWEPT = 20;
    private static final int LONGEST = 64 * 1024;

    private record End(long ms, String name) {}

    private final JobStore store;
    private final int most;
    private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::ms));
    private final Set<String> names = new HashSet<>();

    Results(JobStore store) {
        this(store, MOST);
    }

    Results(JobStore store, int most) {
        this.store = store;
        this.most = most;
        store.forEachResult((name, json) -> index(name, untilMs(json)));
    }

    private void index(String name, long untilMs) {
        if (names.add(name)) {
            ends.add(new End(untilMs, name));
        }
    }

    private static long untilMs(RawJson json) {
        return new Job.Members(json).number("expires_at");
    }

    private static String name(String queue, String receipt) {
        return queue + '\0' + receipt;
    }

    /** @param result null: nothing was returned */
    void keep(Job job, int attempts, @Nullable RawJson result, long nowMs, long untilMs) {
        JsonBuilder json = JsonBuilder.object((result == null ? 0 : Math.min(result.length(), LONGEST)) + 300)
                .member("id", job.call().invocationId())
                .member("status", "succeeded")
                .member("function_id", job.call().functionId())
                .member("namespace", job.call().namespace())
                .member("attempts", attempts)
                .member("enqueued_at", job.enqueuedMs())
                .member("ended_at", nowMs)
                .member("expires_at", untilMs);
        if (result != null && result.length() <= LONGEST) {
            json.member("result", result);
        }
        String name = name(job.terms().queue(), job.call().invocationId());
        store.result(name, json.build());
        index(name, untilMs);
        while (names.size() > most) {
            remove(ends.remove().name());
        }
    }

    /** Null when nothing is kept of it, or not any more. */
    @Nullable RawJson find(String queue, String receipt, long nowMs) {
        RawJson json = store.result(name(queue, receipt));
        return json == null || untilMs(json) <= nowMs ? null : json;
    }

    private void remove(String name) {
        names.remove(name);
        store.result(name, null);
    }

    /** Forgets some whose time is over. */
    void sweep(long nowMs) {
        for (int i = 0; i < MOST_SWEPT && !ends.isEmpty() && ends.element().ms() <= nowMs; i++) {
            String name = ends.remove().name();
            RawJson json = store.result(name);
            if (json != null && untilMs(json) > nowMs) { // it was moved back and has succeeded again
                ends.add(new End(untilMs(json), name));
            } else {
                remove(name);
            }
        }
    }

    /** When there is something to forget, in epoch milliseconds. */
    long nextDueMs() {
        return ends.isEmpty() ? Long.MAX_VALUE : ends.element().ms();
    }
}
