package io.iiikafka.sdk;

import java.time.Duration;

/**
 * How long to wait before the next attempt to connect: hardly at all the first time, since most losses are a gateway
 * that restarts or hands over, then longer and longer.
 *
 * @param first before the first attempt; 75 ms
 * @param initial before the second; 1 s
 * @param max never longer than this; each wait is twice the one before; 30 s
 * @param jitter how far to move each wait at random, as a part of it either way; 0.3
 */
public record Reconnect(Duration first, Duration initial, Duration max, double jitter) {

    public static final Reconnect DEFAULT =
            new Reconnect(Duration.ofMillis(75), Duration.ofSeconds(1), Duration.ofSeconds(30), 0.3);

    /**
     * @param failures attempts that failed since the last good connection
     * @param random in [0, 1)
     */
    public Duration delay(int failures, double random) {
        long nanos = failures == 0 ? first.toNanos() : initial.toNanos();
        for (int i = 1; i < failures && nanos < max.toNanos(); i++) {
            nanos *= 2;
        }
        return Duration.ofNanos((long) (Math.min(nanos, max.toNanos()) * (1 + jitter * (2 * random - 1))));
    }
}
