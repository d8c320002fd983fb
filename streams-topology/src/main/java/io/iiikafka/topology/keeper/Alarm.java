package io.iiikafka.topology.keeper;

import java.time.Duration;
import java.util.function.LongConsumer;

import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a partition's thread when something is due. There is no steady beat, because each would be a transaction, of an
 * idle engine, too.
 */
final class Alarm {

    private static final long SOONEST_MS = 20;
    private static final long LATEST_MS = 3_600_000;

    private final ProcessorContext<?, ?> context;
    private final LongConsumer rings;
    private @Nullable Cancellable pending;
    private long at = Long.MAX_VALUE;

    /**
     * @param rings told the time; it sets the alarm anew
     */
    Alarm(ProcessorContext<?, ?> context, LongConsumer rings) {
        this.context = context;
        this.rings = rings;
    }

    /** Rings at that time, in epoch milliseconds, unless it is set to ring before. */
    void set(long dueMs) {
        if (dueMs >= at) {
            return;
        }
        clear();
        at = dueMs;
        long wait = Math.clamp(dueMs - context.currentSystemTimeMs(), SOONEST_MS, LATEST_MS);
        pending = context.schedule(Duration.ofMillis(wait), PunctuationType.WALL_CLOCK_TIME, now -> {
            clear();
            rings.accept(now);
        });
    }

    private void clear() {
        if (pending != null) {
            pending.cancel();
        }
        at = Long.MAX_VALUE;
    }
}
