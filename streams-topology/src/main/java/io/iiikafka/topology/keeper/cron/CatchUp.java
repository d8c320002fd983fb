package io.iiikafka.topology.keeper.cron;

/** Which ticks of an outage are made up for (spec: cron.md 12.1). */
enum CatchUp {
    /** None, but for the last one if it is hardly late. */
    NONE,
    LAST,
    ALL
}
