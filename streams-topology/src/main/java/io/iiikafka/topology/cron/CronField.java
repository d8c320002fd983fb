package io.iiikafka.topology.cron;

import java.util.Locale;
import java.util.Map;

import com.cronutils.model.field.CronFieldName;

/** A field of an expression, in the order in which they stand there. */
enum CronField {
    SECOND("second", 0, 59, CronFieldName.SECOND, Map.of()),
    MINUTE("minute", 0, 59, CronFieldName.MINUTE, Map.of()),
    HOUR("hour", 0, 23, CronFieldName.HOUR, Map.of()),
    DAY_OF_MONTH("day of month", 1, 31, CronFieldName.DAY_OF_MONTH, Map.of()),
    MONTH("month", 1, 12, CronFieldName.MONTH, Names.MONTHS),
    DAY_OF_WEEK("day of week", 1, 7, CronFieldName.DAY_OF_WEEK, Names.DAYS),
    YEAR("year", 1970, 2100, CronFieldName.YEAR, Map.of());

    private final String title;
    private final int least;
    private final int most;
    private final CronFieldName libraryName;
    private final Map<String, Integer> names;

    CronField(String title, int least, int most, CronFieldName libraryName, Map<String, Integer> names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.libraryName = libraryName;
        this.names = names;
    }

    /** As people call it. */
    String title() {
        return title;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    CronFieldName libraryName() {
        return libraryName;
    }

    boolean isDay() {
        return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
    }

    /** The number of a month, or of a day with 1 for Sunday; 0 when there is none of that name. */
    int numberOf(String name) {
        return names.getOrDefault(name.toLowerCase(Locale.ROOT), 0);
    }

    private static final class Names {

        private static final Map<String, Integer> MONTHS = Map.ofEntries(
                Map.entry("jan", 1), Map.entry("january", 1),
                Map.entry("feb", 2), Map.entry("february", 2),
                Map.entry("mar", 3), Map.entry("march", 3),
                Map.entry("apr", 4), Map.entry("april", 4),
                Map.entry("may", 5),
                Map.entry("jun", 6), Map.entry("june", 6),
                Map.entry("jul", 7), Map.entry("july", 7),
                Map.entry("aug", 8), Map.entry("august", 8),
                Map.entry("sep", 9), Map.entry("september", 9),
                Map.entry("oct", 10), Map.entry("october", 10),
                Map.entry("nov", 11), Map.entry("november", 11),
                Map.entry("dec", 12), Map.entry("december", 12));

        private static final Map<String, Integer> DAYS = Map.ofEntries(
                Map.entry("sun", 1), Map.entry("sunday", 1),
                Map.entry("mon", 2), Map.entry("monday", 2),
                Map.entry("tue", 3), Map.entry("tues", 3), Map.entry("tuesday", 3),
                Map.entry("wed", 4), Map.entry("wednesday", 4),
                Map.entry("thu", 5), Map.entry("thurs", 5), Map.entry("thursday", 5),
                Map.entry("fri", 6), Map.entry("friday", 6),
                Map.entry("sat", 7), Map.entry("saturday", 7));
    }
}
