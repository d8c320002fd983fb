package io.iiikafka.topology.keeper.cron;

/** What becomes of a tick that comes while a run of its schedule is not answered (spec: cron.md 12.1). */
enum Overlap {
    /** It is left out. */
    SKIP,
    /** One waits; those that come while it waits are left out. */
    QUEUE_ONE,
    /** All wait, in order. */
    QUEUE_ALL,
    /** It runs beside the other. */
    ALLOW,
    /** The other counts as over, whatever its handler still does. */
    CANCEL_RUNNING
}
