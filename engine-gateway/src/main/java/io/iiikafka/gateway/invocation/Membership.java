package io.iiikafka.gateway.invocation;

import java.util.concurrent.TimeUnit;

/**
 * Whether this gateway's slots are surely still its own. A member that was frozen, or cut off from Kafka, is put out of
 * its group without noticing, and what it reads then is somebody else's to run. A commit that Kafka took is a proof of
 * membership, and holds for the session time-out from when it was sent.
 */
final class Membership {

    /** Below the session time-out, so that what is handed over in the last moment gets to its worker in time. */
    private static final long SURE_FOR_MS = 4_000;

    private long provenNanos;
    private long provenMs;

    /** When a proof that is about to be asked for counts from. */
    record Asked(long nanos, long ms) {

        static Asked now() {
            return new Asked(System.nanoTime(), System.currentTimeMillis());
        }
    }

    /** Kafka took a commit. */
    void proven(Asked asked) {
        provenNanos = asked.nanos();
        provenMs = asked.ms();
    }

    /** By both clocks, since the steady one stands still while a machine sleeps. */
    boolean sure() {
        return System.nanoTime() - provenNanos < TimeUnit.MILLISECONDS.toNanos(SURE_FOR_MS)
                && System.currentTimeMillis() - provenMs < SURE_FOR_MS;
    }
}
