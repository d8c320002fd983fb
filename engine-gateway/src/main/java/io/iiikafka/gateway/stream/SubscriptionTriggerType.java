package io.iiikafka.gateway.stream;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.stream.SubscriptionTriggerConfig;
import org.jspecify.annotations.Nullable;

/** The trigger types {@code stream:join} and {@code stream:leave} (spec: stream.md 6.2). */
final class SubscriptionTriggerType implements BuiltinTriggerType {

    private static final RawJson CONFIGURATION = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"stream_name\":{\"type\":[\"string\",\"null\"],\"description\":\"Only this stream; empty: every stream\"},"
            + "\"condition_function_id\":{\"type\":[\"string\",\"null\"],"
            + "\"description\":\"Asked first; false: not called\"}}}");
    private static final RawJson REQUEST = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"subscription_id\":{\"type\":\"string\"},\"stream_name\":{\"type\":\"string\"},"
            + "\"group_id\":{\"type\":\"string\"},\"id\":{\"type\":[\"string\",\"null\"]},"
            + "\"context\":{\"description\":\"What the auth function gave; null when it gave nothing\"}},"
            + "\"required\":[\"subscription_id\",\"stream_name\",\"group_id\",\"id\",\"context\"]}");
    private static final RawJson JOIN_RESPONSE = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"unauthorized\":{\"type\":\"boolean\",\"description\":\"true refuses the subscription\"}}}");

    /** A trigger whose config was understood. */
    record Live(Binding binding, SubscriptionTriggerConfig config) {}

    private final String id;
    private final String description;
    private final @Nullable RawJson response;
    private final Map<String, Live> live = new ConcurrentHashMap<>();

    private SubscriptionTriggerType(String id, String description, @Nullable RawJson response) {
        this.id = id;
        this.description = description;
        this.response = response;
    }

    static SubscriptionTriggerType join() {
        return new SubscriptionTriggerType("stream:join", "Stream join trigger", JOIN_RESPONSE);
    }

    static SubscriptionTriggerType leave() {
        return new SubscriptionTriggerType("stream:leave", "Stream leave trigger", null);
    }

    /** The triggers that hear of the stream, in the order in which they were registered. */
    List<Live> of(String stream) {
        return live.values().stream()
                .filter(each -> each.config().matches(stream))
                .sorted(Comparator.comparingLong(each -> each.binding().offset()))
                .toList();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String ownerName() {
        return "iii-stream";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public RawJson configurationSchema() {
        return CONFIGURATION;
    }

    @Override
    public RawJson requestSchema() {
        return REQUEST;
    }

    @Override
    public @Nullable RawJson responseSchema() {
        return response;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        try {
            live.put(binding.key(), new Live(binding, SubscriptionTriggerConfig.parse(binding.config())));
            return null;
        } catch (IllegalArgumentException e) {
            return ErrorCode.TRIGGER_REGISTRATION_FAILED.body(
                    "Failed to deserialize " + id + " trigger: " + e.getMessage());
        }
    }

    @Override
    public void unbind(Binding binding) {
        live.remove(binding.key());
    }
}
