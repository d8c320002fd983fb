package io.iiikafka.sdk.stream;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * What happened in a stream, as a trigger tells it (spec: stream.md 5.5, 6.1). Events of one item are told
 * in order; in a group, the one with the smaller {@link Source#timestamp()} happened first.
 */
public sealed interface StreamEvent<T> {

    Source source();

    record Created<T>(Source source, @Nullable T item) implements StreamEvent<T> {}

    record Updated<T>(Source source, @Nullable T item) implements StreamEvent<T> {}

    /**
     * @param item what was removed
     */
    record Deleted<T>(Source source, @Nullable T item) implements StreamEvent<T> {}

    /** Something that was sent and is not stored. */
    record Sent<T>(Source source, String type, RawJson data) implements StreamEvent<T> {}

    /**
     * Where and when.
     *
     * @param id of the item; null for an event sent to the group
     * @param timestamp in ms since the epoch; rises with every event of the group
     */
    record Source(String stream, String group, @Nullable String id, long timestamp) {}
}
