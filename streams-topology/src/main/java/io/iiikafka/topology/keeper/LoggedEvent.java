package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A record of {@code stream-events}.
 *
 * @param key the stream and the group
 * @param value the event
 * @param timestampMs of the record; within a key never earlier than the one before
 */
public record LoggedEvent(String key, RawJson value, long timestampMs) {}
