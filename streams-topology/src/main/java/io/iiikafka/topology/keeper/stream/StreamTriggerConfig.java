package io.iiikafka.topology.keeper.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Which events a trigger of type {@code stream} hears of (spec: stream.md 6.1).
 *
 * @param stream exactly this one
 * @param group only this one; null: every group
 * @param item only what is about this one; null: every item, and what is about none
 * @param conditionFunction a function that may veto, or null
 */
public record StreamTriggerConfig(
        String stream, @Nullable String group, @Nullable String item, @Nullable String conditionFunction) {

    /** The config is not one; the message is for the registrant. */
    public static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1;

        InvalidException(String detail) {
            super("Failed to deserialize stream trigger: " + detail, null, false, false);
        }
    }

    /** Members that are not known are ignored; the empty text is a wild card. */
    public static StreamTriggerConfig parse(RawJson config) throws InvalidException {
        if (!config.isObject()) {
            throw new InvalidException("expected an object");
        }
        JsonNode members = config.toTree();
        if (!members.hasNonNull("stream_name")) {
            throw new InvalidException("stream_name is required");
        }
        return new StreamTriggerConfig(
                text(members, "stream_name"),
                filter(members, "group_id"),
                filter(members, "item_id"),
                filter(members, "condition_function_id"));
    }

    private static @Nullable String filter(JsonNode members, String name) throws InvalidException {
        if (!members.hasNonNull(name)) {
            return null;
        }
        String text = text(members, name);
        return text.isEmpty() ? null : text;
    }

    private static String text(JsonNode members, String name) throws InvalidException {
        String text = members.get(name).textValue();
        if (text == null) {
            throw new InvalidException("`" + name + "` must be a string");
        }
        return text;
    }

    boolean matches(StreamEvent event) {
        return stream.equals(event.group().stream())
                && (group == null || group.equals(event.group().group()))
                && (item == null || item.equals(event.id()));
    }
}
