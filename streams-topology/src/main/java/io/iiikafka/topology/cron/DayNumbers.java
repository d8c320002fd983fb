package io.iiikafka.topology.cron;

/** What a number means as a day of the week. Within the engine it is always that of {@link #QUARTZ}. */
public enum DayNumbers {
    /** 1 is Sunday, 7 is Saturday; 0 is Sunday, too. */
    QUARTZ(1, 7),
    /** 0 and 7 are Sunday, 1 is Monday. */
    UNIX(0, 6);

    private final int first;
    private final int last;

    DayNumbers(int first, int last) {
        this.first = first;
        this.last = last;
    }

    int first() {
        return first;
    }

    int last() {
        return last;
    }

    /** The day, 1 for Sunday to 7 for Saturday, of a number from 0 to 7. */
    int day(int number) {
        return this == UNIX ? number % 7 + 1 : Math.max(1, number);
    }
}
