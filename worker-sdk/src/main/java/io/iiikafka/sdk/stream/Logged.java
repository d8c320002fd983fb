package io.iiikafka.sdk.stream;

/**
 * An event of a group's log (spec: stream.md 13.1).
 *
 * @param offset its number in the group, from 1 on without a gap
 * @param eventId the same whenever it is told
 */
public record Logged<T>(long offset, String eventId, StreamEvent<T> event) {}
