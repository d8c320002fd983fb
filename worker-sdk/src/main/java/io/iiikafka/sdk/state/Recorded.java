package io.iiikafka.sdk.state;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A change that was made (spec: state.md 12.5).
 *
 * @param eventId of the event that triggers were told
 * @param op {@code set}, {@code update}, {@code delete}, {@code cas}, {@code transact}, {@code merge} or {@code expire}
 * @param revision of the scope, with the change
 * @param version of the key, after it
 * @param before null when there was nothing, or null, or the scope's values are not recorded
 * @param after null when it was deleted, or null was stored, or the scope's values are not recorded
 * @param record all of it: {@code {"event_id",…,"actor","invocation_id","traceparent","cause","tx_id"}}
 */
public record Recorded<T>(
        String eventId,
        String scope,
        String key,
        String op,
        long revision,
        long version,
        Instant at,
        @Nullable T before,
        @Nullable T after,
        RawJson record) {}
