package io.iiikafka.topology.keeper.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Which changes a trigger hears of (spec: state.md 5.1).
 *
 * @param scope only this one; null: any. The empty text is a scope like others.
 * @param key only this one; null: any
 * @param condition a function that may veto, or null
 */
public record StateTriggerConfig(@Nullable String scope, @Nullable String key, @Nullable String condition) {

    /** The config is not one; the message is for the registrant. */
    public static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1;

        InvalidException(String detail) {
            super("Failed to parse trigger config: " + detail, null, false, false);
        }
    }

    /** Members that are not known are ignored. */
    public static StateTriggerConfig parse(RawJson config) throws InvalidException {
        if (!config.isObject()) {
            throw new InvalidException("expected an object");
        }
        JsonNode members = config.toTree();
        return new StateTriggerConfig(
                text(members, "scope"), text(members, "key"), text(members, "condition_function_id"));
    }

    private static @Nullable String text(JsonNode members, String name) throws InvalidException {
        JsonNode value = members.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new InvalidException("`" + name + "` must be a string");
        }
        return value.textValue();
    }

    boolean matches(StateKey changed) {
        return (scope == null || scope.equals(changed.scope())) && (key == null || key.equals(changed.key()));
    }
}
