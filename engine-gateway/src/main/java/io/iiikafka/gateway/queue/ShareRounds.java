package io.iiikafka.gateway.queue;

import java.util.List;
import java.util.function.BooleanSupplier;

import io.iiikafka.topology.keeper.job.Handovers;
import io.vertx.core.Vertx;

/** What is done for queues of share groups now and then, as long as there are any: an idle gateway wakes for nothing. */
final class ShareRounds {

    private static final long LATE_LOOK_MS = 500;
    private static final long LEND_AGAIN_MS = Handovers.LEASE_MS / 3;
    private static final long COUNT_MS = 5_000;

    /** Each is short, and may run on any thread. */
    interface Work {

        /** Ends jobs whose time is over, and forgets queues that are done. */
        void endLate();

        /** Keeps the jobs that run from being lent to others. */
        void lendAgain();

        /** Counts what waits. */
        void count();
    }

    private final Vertx vertx;
    private final Work work;
    private final BooleanSupplier any;
    private List<Long> timers = List.of();

    /** @param any whether there are queues */
    ShareRounds(Vertx vertx, Work work, BooleanSupplier any) {
        this.vertx = vertx;
        this.work = work;
        this.any = any;
    }

    /** There are queues now. */
    synchronized void begin() {
        if (timers.isEmpty()) {
            timers = List.of(
                    vertx.setPeriodic(LATE_LOOK_MS, timer -> {
                        work.endLate();
                        endWhenNone();
                    }),
                    vertx.setPeriodic(LEND_AGAIN_MS, timer -> work.lendAgain()),
                    vertx.setPeriodic(COUNT_MS, timer -> work.count()));
        }
    }

    synchronized boolean isRunning() {
        return !timers.isEmpty();
    }

    private synchronized void endWhenNone() {
        if (!any.getAsBoolean()) {
            timers.forEach(vertx::cancelTimer);
            timers = List.of();
        }
    }
}
