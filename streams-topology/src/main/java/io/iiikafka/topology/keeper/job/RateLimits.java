package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.PayloadField;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/** How many deliveries of a queue may begin in a time (spec: queue.md 12.2). */
final class RateLimits {

    private final Agreements agreements;
    private final Looks looks;

    RateLimits(Agreements agreements, Looks looks) {
        this.agreements = agreements;
        this.looks = looks;
    }

    /** Lets those go on that waited for long enough. */
    void release(Queue queue, long nowMs) {
        if (queue.pace().nextReleaseMs() <= nowMs) {
            queue.pace().release(limit(queue), nowMs).forEach(queue.turns()::add);
        }
        if (queue.pace().nextReleaseMs() < Long.MAX_VALUE) {
            looks.add(queue, queue.pace().nextReleaseMs());
        }
    }

    private QueueSettings.@Nullable RateLimit limit(Queue queue) {
        QueueSettings settings = Agreements.holds(queue.name()) ? agreements.find(queue.name()) : null;
        return settings == null ? null : settings.rateLimit();
    }

    /** Whether too many of its kind began lately; where kinds are told apart, it is held with its kind then. */
    boolean delays(Entry entry, Job job, long nowMs) {
        QueueSettings.RateLimit limit = limit(entry.queue());
        if (limit == null) {
            return false;
        }
        RawJson data = job.call().data();
        RawJson value = limit.keyField() == null || data == null ? null : PayloadField.find(data, limit.keyField());
        String key = value == null ? "" : PayloadField.text(value);
        Pace pace = entry.queue().pace();
        long nextMs = pace.nextMs(key, limit);
        if (nextMs <= nowMs) {
            pace.began(key, limit, nowMs);
            return false;
        }
        if (limit.keyField() != null) {
            entry.queue().turns().remove(entry);
            pace.hold(key, entry, nextMs);
        }
        looks.add(entry.queue(), nextMs);
        return true;
    }
}
