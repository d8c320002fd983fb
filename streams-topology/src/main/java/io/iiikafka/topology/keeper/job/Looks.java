package io.iiikafka.topology.keeper.job;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Queues that wait for what nobody tells of: time, or somebody who serves a function. */
final class Looks {

    private Set<Queue> queues = new HashSet<>();
    private long nextMs = Long.MAX_VALUE;

    /** Has the queue looked at again by then. */
    void add(Queue queue, long ms) {
        queues.add(queue);
        nextMs = Math.min(nextMs, ms);
    }

    /** Takes all out, if that is due. */
    Collection<Queue> take(long nowMs) {
        if (nowMs < nextMs) {
            return Set.of();
        }
        Set<Queue> due = queues;
        queues = new HashSet<>();
        nextMs = Long.MAX_VALUE;
        return due;
    }

    /** In epoch milliseconds; {@link Long#MAX_VALUE}: none waits. */
    long nextMs() {
        return nextMs;
    }
}
