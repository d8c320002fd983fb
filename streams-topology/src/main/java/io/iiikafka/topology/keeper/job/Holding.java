package io.iiikafka.topology.keeper.job;

import java.util.function.LongSupplier;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;

/** Jobs that nobody serves wait; without limit, or until they have waited for too long (spec: queue.md 6.7). */
final class Holding {

    private final Agreements agreements;
    private final Served served;
    private final Looks looks;
    private final Queues.GivingUp givingUp;
    private final LongSupplier clock;

    /** @param clock epoch milliseconds; commands that had to wait are older */
    Holding(Agreements agreements, Served served, Looks looks, Queues.GivingUp givingUp, LongSupplier clock) {
        this.clock = clock;
        this.agreements = agreements;
        this.served = served;
        this.looks = looks;
        this.givingUp = givingUp;
    }

    /**
     * Puts the target aside, unless somebody serves it or none of its jobs is left.
     *
     * @param store of the jobs
     */
    void hold(Queue queue, Target target, JobStore store, long nowMs) {
        for (int given = 0; !target.ready().isEmpty() && !served.test(target); given++) {
            Entry first = target.first();
            long holdMs = holdMs(first, store);
            long lookMs = target.unserved(nowMs);
            if (nowMs - unservedSinceMs(first) < holdMs) {
                // There is no word of a function that is served again.
                lookAgain(queue, target, Math.min(nowMs, clock.getAsLong()) + lookMs);
                return;
            }
            if (given >= Queues.MOST_GIVEN_UP) {
                lookAgain(queue, target, nowMs); // the rest after other commands
                return;
            }
            givingUp.giveUp(first, notServed(target, holdMs), nowMs);
        }
    }

    private void lookAgain(Queue queue, Target target, long ms) {
        queue.turns().putAside(target, ms);
        looks.add(queue, ms);
    }

    private long holdMs(Entry entry, JobStore store) {
        String name = entry.queue().name();
        if (Agreements.holds(name)) {
            return agreements.holdMs(name);
        }
        Job job = entry.queue().read(entry, store);
        return job == null ? Long.MAX_VALUE : agreements.rules(job.terms()).holdMs();
    }

    private static long unservedSinceMs(Entry entry) {
        return Agreements.holds(entry.queue().name())
                ? Math.max(entry.upMs(), entry.target().unservedSinceMs())
                : entry.createdMs();
    }

    private static RawJson notServed(Target target, long holdMs) {
        return RawJson.ofValue(ErrorCode.FUNCTION_NOT_FOUND.body(
                "Nobody served " + target.function().id() + " for " + holdMs + " ms"));
    }
}
