package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.header.Header;

/**
 * A record for others to read.
 *
 * @param log which topic
 * @param key the stream and the group, or the topic of pub/sub
 * @param value the event
 * @param timestampMs of the record; within a key never earlier than the one before
 * @param headers beside {@code content-type}
 */
public record LoggedEvent(Log log, String key, RawJson value, long timestampMs, List<Header> headers) {

    /** The topics of this kind. */
    public enum Log {
        /** {@code stream-events}. */
        STREAMS,
        /** {@code events}. */
        PUBLISHED
    }

    /** An event of a stream. */
    public LoggedEvent(String key, RawJson value, long timestampMs) {
        this(Log.STREAMS, key, value, timestampMs, List.of());
    }
}
