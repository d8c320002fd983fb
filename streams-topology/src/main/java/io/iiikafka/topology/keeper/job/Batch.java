package io.iiikafka.topology.keeper.job;

/**
 * How jobs of a queue are put together into one call, whose payload is {@code {"type":…,"events":[…]}}.
 *
 * @param type of that payload
 * @param maxEvents so many at most
 * @param maxWaitMs so long the first waits for others
 */
public record Batch(String type, int maxEvents, long maxWaitMs) {}
