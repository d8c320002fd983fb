package io.iiikafka.topology.keeper.cron;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Which ticks of a schedule are to be run now.
 *
 * @param ticks in order
 * @param missed how many were left out, at least
 * @param nextMs the tick after them
 */
record DueTicks(List<Long> ticks, long missed, long nextMs) {

    /** So many are made up for at once; the rest when other commands have had their turn. */
    private static final int MOST = 100;
    /** A tick that is so late is not late. */
    private static final long ALWAYS_MS = 1_000;

    /** @param firstMs the first tick that has not been */
    static DueTicks of(String key, CronTriggerConfig config, long firstMs, long nowMs) {
        boolean onlyLast = config.catchUp() == CatchUp.LAST
                || config.catchUp() == CatchUp.NONE
                        && (config.overlap() == Overlap.SKIP || config.overlap() == Overlap.CANCEL_RUNNING);
        long allowed = config.catchUp() == CatchUp.NONE ? config.graceMs() : config.catchUpWindowMs();
        long oldest = nowMs - config.jitterMs() - Math.max(allowed, ALWAYS_MS);
        long missed = 0;
        long tick = firstMs;
        if (tick < oldest) {
            missed++;
            tick = config.nextMs(oldest - 1);
        }
        if (onlyLast && config.jitterMs() == 0 && tick <= nowMs) {
            tick = lastFrom(config, tick, nowMs);
            missed += tick > firstMs && missed == 0 ? 1 : 0;
        }
        List<Long> ticks = new ArrayList<>();
        while (tick <= nowMs && dueMs(key, config, tick) <= nowMs && ticks.size() < MOST) {
            if (onlyLast && !ticks.isEmpty()) {
                ticks.clear();
                missed++;
            }
            ticks.add(tick);
            tick = config.nextMs(tick);
        }
        return new DueTicks(List.copyOf(ticks), missed, tick);
    }

    /** A late tick, from which it is not far to the last one; looked for from the end, because there may be many. */
    private static long lastFrom(CronTriggerConfig config, long firstMs, long nowMs) {
        for (long back = 1_000; nowMs - back > firstMs; back *= 4) {
            long tick = config.nextMs(nowMs - back);
            if (tick <= nowMs) {
                return tick;
            }
        }
        return firstMs;
    }

    /** When the tick is to be run: the same whoever reckons. */
    static long dueMs(String key, CronTriggerConfig config, long tick) {
        if (tick == Timing.NEVER || config.jitterMs() == 0) {
            return tick;
        }
        CRC32 hash = new CRC32();
        hash.update((key + "/" + tick).getBytes(StandardCharsets.UTF_8));
        return tick + hash.getValue() % (config.jitterMs() + 1);
    }
}
