package io.iiikafka.topology.keeper.job;

/**
 * Is told what becomes of the jobs of named queues and subscriptions, to count it (spec: queue.md 9). Called on any thread, of
 * keepers and of gateways that run jobs themselves; must be quick. What a keeper does again after a crash is told again.
 */
@FunctionalInterface
public interface JobWatch {

    /** Counts nothing. */
    JobWatch NONE = key -> OfQueue.NONE;

    /** @param key of a {@link io.iiikafka.topology.catalog.CatalogEntry.Queue} or {@code Subscription} */
    OfQueue of(String key);

    /** One queue or subscription. Times are milliseconds. */
    interface OfQueue {

        /** Counts nothing. */
        OfQueue NONE = new OfQueue() {};

        /** A job came, for the first time or back from the dead letters. */
        default void enqueued() {}

        /** An attempt begins, so long after it might have. */
        default void delivered(long waitedMs) {}

        /** An attempt is over. */
        default void ended(boolean success, long tookMs) {}

        /** It failed, and there will be another one. */
        default void retried() {}

        /** A job was given up. */
        default void deadLettered() {}

        /** So many more jobs are here; fewer, when it is negative. */
        default void jobs(int more) {}

        /** So many more of these wait for a time. */
        default void delayed(int more) {}

        /** So many more of these run. */
        default void running(int more) {}

        /** When the first of them came, in epoch milliseconds; 0: there is none. */
        default void oldest(long createdMs) {}
    }
}
