package io.iiikafka.topology.keeper.job;

/**
 * How a job is compared with earlier ones of its queue.
 *
 * @param windowMs so long the key is the first job's
 * @param replaces while the first waits, it gets the payload of the later one
 * @param untilDone the key is the first job's until that is over, however long that takes
 */
public record DedupWish(String key, long windowMs, boolean replaces, boolean untilDone) {}
