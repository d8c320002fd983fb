package io.iiikafka.topology.membership;

import java.util.concurrent.TimeUnit;

/**
 * Whether a member of a consumer group surely still is one. A member that was frozen, or cut off from Kafka, is put out of
 * its group without noticing, and what it reads then is somebody else's to process. A commit that Kafka took is a proof of
 * membership, and holds for the session time-out from when it was sent. For one thread.
 */
public final class Membership {

    /** The shortest after which a stock broker gives a dead member's partitions to another. */
    public static final int SESSION_TIMEOUT_MS = 6_000;

    /** Below the session time-out, so that what is begun in the last moment is done in time. */
    private static final long SURE_FOR_MS = 4_000;

    private long provenNanos;
    private long provenMs;

    /** When a proof that is about to be asked for counts from. */
    public record Asked(long nanos, long ms) {

        public static Asked now() {
            return new Asked(System.nanoTime(), System.currentTimeMillis());
        }
    }

    /** Kafka took a commit. */
    public void proven(Asked asked) {
        provenNanos = asked.nanos();
        provenMs = asked.ms();
    }

    /** By both clocks, since the steady one stands still while a machine sleeps. */
    public boolean sure() {
        return System.nanoTime() - provenNanos < TimeUnit.MILLISECONDS.toNanos(SURE_FOR_MS)
                && System.currentTimeMillis() - provenMs < SURE_FOR_MS;
    }
}
