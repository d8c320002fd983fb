package io.iiikafka.topology.keeper.cron;

import java.time.Instant;

import io.iiikafka.topology.cron.ZonedCron;

/** When ticks are, in epoch milliseconds. */
sealed interface Timing {

    /** Stands for no tick. */
    long NEVER = Long.MAX_VALUE;

    /** The first tick after that time; {@link #NEVER}: there is none. */
    long nextMs(long afterMs);

    /** As an expression has it. */
    record Expression(ZonedCron cron) implements Timing {

        @Override
        public long nextMs(long afterMs) {
            Instant next = cron.next(Instant.ofEpochMilli(afterMs));
            return next == null ? NEVER : next.toEpochMilli();
        }
    }

    /** At whole multiples of the interval since the epoch, so that it is the same whoever reckons; never beyond all times. */
    record Interval(long everyMs) implements Timing {

        @Override
        public long nextMs(long afterMs) {
            long next = (Math.floorDiv(afterMs, everyMs) + 1) * everyMs;
            return next > afterMs ? next : NEVER;
        }
    }

    /** Once. */
    record Moment(long atMs) implements Timing {

        @Override
        public long nextMs(long afterMs) {
            return afterMs < atMs ? atMs : NEVER;
        }
    }
}
