package io.iiikafka.topology.keeper.cron;

import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** A time that somebody wrote, for example {@code 2026-07-03T12:00:00Z}. */
final class CronTime {

    /** What it must be, as the end of a sentence. */
    static final String SHAPE = "must be a time such as 2026-07-03T12:00:00Z, in a year from 0 to 9999";

    private CronTime() {}

    /** Epoch milliseconds, so far from the bounds of {@code long} that schedules can reckon with them. */
    static long millis(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text);
        if (time.getYear() < 0 || time.getYear() > 9999) {
            throw new DateTimeException("a year beyond 0 to 9999");
        }
        return time.toInstant().toEpochMilli();
    }
}
