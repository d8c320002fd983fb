package io.iiikafka.gateway.queue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The options of one job, from wherever a client can put them (spec: queue.md 12.1): {@code iii_queue} of the call's
 * metadata, and keys of the action, which go first.
 *
 * @param given null: none
 * @param metadata of the call, without the options; null: none
 */
record EnqueueOptions(@Nullable RawJson given, @Nullable RawJson metadata) {

    private static final List<String> KEYS = List.of(
            "delay_ms",
            "deliver_at",
            "priority",
            "dedup_key",
            "dedup_window_ms",
            "dedup_mode",
            "group",
            "ttl_ms",
            "max_attempts",
            "backoff_ms",
            "backoff_type",
            "max_backoff_ms",
            "jitter",
            "timeout_ms");
    private static final String IN_METADATA = "iii_queue";

    static EnqueueOptions of(@Nullable RawJson action, @Nullable RawJson metadata) {
        if (action == null && metadata == null) {
            return new EnqueueOptions(null, null);
        }
        Map<String, RawJson> options = new TreeMap<>();
        RawJson rest = metadata;
        if (metadata != null && metadata.isObject()) {
            Map<String, RawJson> members = new TreeMap<>();
            metadata.forEachMember(members::put);
            RawJson inner = members.remove(IN_METADATA);
            if (inner != null) {
                inner.forEachMember((name, value) -> take(options, name, value));
                rest = members.isEmpty() ? null : object(members);
            }
        }
        if (action != null) {
            action.forEachMember((name, value) -> take(options, name, value));
        }
        return new EnqueueOptions(options.isEmpty() ? null : object(options), rest);
    }

    /** What is not known is ignored. */
    private static void take(Map<String, RawJson> options, String name, RawJson value) {
        if (KEYS.contains(name) && !value.isNull()) {
            options.put(name, value);
        }
    }

    private static RawJson object(Map<String, RawJson> members) {
        JsonBuilder object = JsonBuilder.object();
        members.forEach(object::member);
        return object.build();
    }
}
