package io.iiikafka.topology.keeper.job;

import java.util.List;

/**
 * Starts what may run of a queue: those whose turn it is, as long as its limits allow it and somebody serves their functions.
 * Used on the partition's thread.
 */
final class Pump {

    private static final long PAUSED_LOOK_MS = 1_000;

    private final Queues queues;
    private final JobStore store;
    private final Agreements agreements;
    private final Served served;
    private final Looks looks;
    private final RateLimits rateLimits;
    private final Holding holding;
    private final Starting starting;

    Pump(
            Queues queues,
            JobStore store,
            Agreements agreements,
            Served served,
            Looks looks,
            Holding holding,
            Starting starting) {
        this.queues = queues;
        this.store = store;
        this.agreements = agreements;
        this.served = served;
        this.looks = looks;
        this.rateLimits = new RateLimits(agreements, looks);
        this.holding = holding;
        this.starting = starting;
    }

    void run(Queue queue, long nowMs) {
        if (!dropCondemned(queue, nowMs)) {
            return;
        }
        rateLimits.release(queue, nowMs);
        long reopensMs = queue.turns().reopen(nowMs);
        if (reopensMs < Long.MAX_VALUE) {
            looks.add(queue, reopensMs);
        }
        startReady(queue, nowMs);
        queues.forget(queue, nowMs);
    }

    /** False: there are more of those. */
    private boolean dropCondemned(Queue queue, long nowMs) {
        List<Entry> condemned = queue.condemned(Queues.MOST_GIVEN_UP);
        condemned.forEach(queues::done);
        if (condemned.size() == Queues.MOST_GIVEN_UP) {
            looks.add(queue, nowMs); // the rest after other commands
            return false;
        }
        return true;
    }

    private void startReady(Queue queue, long nowMs) {
        for (Entry entry = queue.turns().first(); entry != null && !queue.isPaused(); entry = queue.turns().first()) {
            if (!served.test(entry.target())) {
                holding.hold(queue, entry.target(), store, nowMs);
                continue;
            }
            if (stopsAtLimit(queue, nowMs)) {
                return;
            }
            Job job = queue.read(entry, store);
            if (job == null) {
                queues.done(entry); // never
            } else if (job.terms() instanceof Terms.Own own
                    && (queue.running() >= own.maxInFlight() || starting.waitsForMore(entry, own.batch(), nowMs))) {
                return;
            } else if (!rateLimits.delays(entry, job, nowMs)) {
                starting.start(entry, job, nowMs);
            } else if (!entry.isHeld()) {
                // With it all others of the queue wait; those whom nobody serves not for ever.
                queue.turns().open().forEach(target -> holding.hold(queue, target, store, nowMs));
                return;
            }
        }
    }

    /** Whether no more of the queue may run now. Who ends starts the next; where none may run, it is looked at again. */
    private boolean stopsAtLimit(Queue queue, long nowMs) {
        int limit = Agreements.holds(queue.name()) ? agreements.concurrency(queue.name()) : Integer.MAX_VALUE;
        if (limit == 0) {
            looks.add(queue, nowMs + PAUSED_LOOK_MS);
        }
        return queue.running() >= limit;
    }
}
