package io.iiikafka.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * When to call which function: {@code Trigger.http("GET", "/users/:id").to("users::get")}.
 *
 * @param id stays the same over reconnects; random unless chosen with {@link #withId}
 * @param config as the trigger type wants it; {@code condition_function_id} names a function that may say {@code false}
 * @param metadata travels to the handler beside the payload
 * @param namespace where the function lives; null: {@code default}
 * @param triggerNamespace where the trigger type lives; null: this worker's namespace, else {@code default}
 */
public record Trigger(
        String id,
        String type,
        String functionId,
        RawJson config,
        @Nullable RawJson metadata,
        @Nullable String namespace,
        @Nullable String triggerNamespace) {

    /** An HTTP route of the engine's REST port; {@code :name} in the path matches a segment. */
    public static Event http(String method, String path) {
        return on("http").with("http_method", method).with("api_path", path);
    }

    /** By the clock; six or seven fields, seconds first: {@code "0 0 2 * * *"} is each night at two. */
    public static Event cron(String expression) {
        return on("cron").with("expression", expression);
    }

    /** Messages of a durable topic: kept and tried again until handled. */
    public static Event queue(String topic) {
        return on("durable:subscriber").with("topic", topic);
    }

    /** Messages published while this worker is there. */
    public static Event pubsub(String topic) {
        return on("subscribe").with("topic", topic);
    }

    /** Changes of any key of a state scope. */
    public static Event state(String scope) {
        return on("state").with("scope", scope);
    }

    /** Changes of one key. */
    public static Event state(String scope, String key) {
        return state(scope).with("key", key);
    }

    /** Changes and events of a stream; narrow it with {@code group_id} and {@code item_id}. */
    public static Event stream(String streamName) {
        return on("stream").with("stream_name", streamName);
    }

    /** Any trigger type, such as one that another worker provides. */
    public static Event on(String type) {
        return new Event(type, Map.of());
    }

    public Trigger withId(String value) {
        return new Trigger(value, type, functionId, config, metadata, namespace, triggerNamespace);
    }

    public Trigger withMetadata(Object value) {
        return new Trigger(id, type, functionId, config, RawJson.ofValue(value), namespace, triggerNamespace);
    }

    public Trigger withNamespace(String value) {
        return new Trigger(id, type, functionId, config, metadata, value, triggerNamespace);
    }

    public Trigger withTriggerNamespace(String value) {
        return new Trigger(id, type, functionId, config, metadata, namespace, value);
    }

    /** What happens; {@link #to} says which function it calls. Immutable. */
    public record Event(String type, Map<String, Object> config) {

        public Event {
            config = Map.copyOf(config);
        }

        /** Sets a member of the configuration. */
        public Event with(String key, Object value) {
            Map<String, Object> more = new LinkedHashMap<>(config);
            more.put(key, value);
            return new Event(type, more);
        }

        /** Only when this function, called with the same payload, does not answer {@code false}. */
        public Event when(String conditionFunctionId) {
            return with("condition_function_id", conditionFunctionId);
        }

        public Trigger to(String functionId) {
            String id = UUID.randomUUID().toString();
            return new Trigger(id, type, functionId, RawJson.ofValue(config), null, null, null);
        }
    }
}
