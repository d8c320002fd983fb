package io.iiikafka.topology.keeper.cron;

/** Is told what schedules do, to count it. Called on keeper threads; must be quick. */
public interface CronWatch {

    /** Counts nothing. */
    CronWatch NONE = new CronWatch() {};

    /** A tick's function is called, so much after the tick. */
    default void fired(long lateMs) {}

    /** A tick was left out: {@code overlap}, {@code condition}, {@code missed} or {@code paused}. */
    default void skipped(String reason) {}

    /** A run is over: {@code completed}, {@code failed}, {@code timeout} or {@code cancelled}. */
    default void ended(String status, long durationMs) {}

    /** The partition has so many schedules; 0 also when it is not this process's any more. */
    default void schedules(int partition, int count) {}
}
