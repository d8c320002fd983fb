package io.iiikafka.sdk.state;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A change of state, as a trigger tells it (spec: state.md 5.2). Changes of one key are
 * told in order.
 *
 * @param before null when there was nothing, or null
 * @param after null when it was deleted, or null was stored
 * @param meta which change it is, if the trigger has {@code include_meta}:
 *     {@code {"event_id","timestamp","revision","version",…}}
 */
public record StateEvent<T>(
        Kind kind, String scope, String key, @Nullable T before, @Nullable T after, @Nullable RawJson meta) {

    public enum Kind {
        CREATED,
        UPDATED,
        DELETED
    }
}
