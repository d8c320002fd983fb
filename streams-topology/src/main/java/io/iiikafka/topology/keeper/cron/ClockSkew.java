package io.iiikafka.topology.keeper.cron;

import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the clock of a gateway differs from this process's, which decides when ticks come: an answer cannot be older
 * than its call, nor come from the future (spec: cron.md 13).
 */
final class ClockSkew {

    private static final Logger LOG = LoggerFactory.getLogger(ClockSkew.class);
    private static final long TOLERATED_MS = 1_000;
    private static final long QUIET_MS = 600_000;

    private final LongSupplier clock;
    private long quietUntilMs = Long.MIN_VALUE;

    ClockSkew(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * How far the other clock is ahead, as far as it shows; 0 within a second, and when that was said a while ago.
     *
     * @param askedMs by this clock
     * @param answeredMs by the other
     */
    long answered(long askedMs, long answeredMs) {
        long nowMs = clock.getAsLong();
        long ahead = answeredMs > nowMs + TOLERATED_MS
                ? answeredMs - nowMs
                : answeredMs < askedMs - TOLERATED_MS ? answeredMs - askedMs : 0;
        if (ahead == 0 || nowMs < quietUntilMs) {
            return 0;
        }
        quietUntilMs = nowMs + QUIET_MS;
        LOG.atWarn()
                .addKeyValue("aheadMs", ahead)
                .log("A gateway's clock differs from this keeper's, by which schedules fire; synchronize the clocks (NTP)");
        return ahead;
    }
}
