package io.iiikafka.topology.keeper.job;

/**
 * How often, and when, what failed is tried again.
 *
 * @param maxAttempts with the first; at least 1
 * @param backoffMs before the second attempt; doubled before each further one
 * @param maxBackoffMs the longest
 * @param timeoutMs an attempt that is not answered by then has failed
 */
public record Retry(int maxAttempts, long backoffMs, long maxBackoffMs, long timeoutMs) {

    public static final Retry DEFAULT = new Retry(3, 1_000, 60_000, 600_000);

    public Retry once() {
        return new Retry(1, backoffMs, maxBackoffMs, timeoutMs);
    }

    /** How long to wait after so many failed attempts. */
    long delayMs(int failed) {
        int doublings = Math.min(failed - 1, 40);
        return backoffMs > maxBackoffMs >> doublings ? maxBackoffMs : backoffMs << doublings;
    }
}
