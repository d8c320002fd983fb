package io.iiikafka.topology.keeper.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Which joins and leaves a trigger of type {@code stream:join} or {@code stream:leave} hears of (spec: stream.md 6.2.6).
 *
 * @param stream only of this one; null: of every stream
 * @param conditionFunction a function that may veto, or null
 */
public record SubscriptionTriggerConfig(@Nullable String stream, @Nullable String conditionFunction) {

    /**
     * Members that are not known are ignored; the empty text is a wild card.
     *
     * @throws IllegalArgumentException when it does not fit; the message is for the registrant
     */
    public static SubscriptionTriggerConfig parse(RawJson config) {
        if (!config.isObject()) {
            throw new IllegalArgumentException("expected an object");
        }
        JsonNode members = config.toTree();
        return new SubscriptionTriggerConfig(text(members, "stream_name"), text(members, "condition_function_id"));
    }

    static @Nullable SubscriptionTriggerConfig parseOrNull(RawJson config) {
        try {
            return parse(config);
        } catch (IllegalArgumentException e) {
            return null; // gateways refuse it, too
        }
    }

    private static @Nullable String text(JsonNode members, String name) {
        if (!members.hasNonNull(name)) {
            return null;
        }
        String text = members.get(name).textValue();
        if (text == null) {
            throw new IllegalArgumentException("`" + name + "` must be a string");
        }
        return text.isEmpty() ? null : text;
    }

    public boolean matches(String streamName) {
        return stream == null || stream.equals(streamName);
    }
}
