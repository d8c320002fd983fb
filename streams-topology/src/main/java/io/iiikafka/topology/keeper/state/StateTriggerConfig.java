package io.iiikafka.topology.keeper.state;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/**
 * Which changes a trigger hears of (spec: state.md 5.1, 12.1).
 *
 * @param scope only this one; null: any. The empty text is a scope like others.
 * @param key only this one; null: any
 * @param scopePrefix only scopes that begin so
 * @param keyPrefix only keys that begin so
 * @param eventTypes only these; empty: all
 * @param onlyChanges whether a write that changes nothing is passed over
 * @param condition an expression that must be fulfilled, or null
 * @param conditionFunction a function that may veto, or null
 * @param includeMeta whether the event tells which change it is
 * @param includeForks whether changes of forks count as changes of what they are forks of
 */
public record StateTriggerConfig(
        @Nullable String scope,
        @Nullable String key,
        String scopePrefix,
        String keyPrefix,
        Set<String> eventTypes,
        boolean onlyChanges,
        @Nullable ConditionMode condition,
        @Nullable String conditionFunction,
        boolean includeMeta,
        boolean includeForks) {

    private static final Set<String> EVENT_TYPES =
            Set.of(StateEvent.CREATED, StateEvent.UPDATED, StateEvent.DELETED);

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
        String scopePrefix = text(members, "scope_prefix");
        String keyPrefix = text(members, "key_prefix");
        String condition = text(members, "condition_function_id");
        StateTriggerConfig read = new StateTriggerConfig(
                text(members, "scope"),
                text(members, "key"),
                scopePrefix == null ? "" : scopePrefix,
                keyPrefix == null ? "" : keyPrefix,
                eventTypes(members.path("event_types")),
                flag(members, "only_changes"),
                ConditionMode.of(text(members, "condition"), text(members, "condition_mode")),
                condition == null ? text(members, "_condition_path") : condition, // its name of old
                flag(members, "include_meta"),
                flag(members, "include_forks"));
        if (read.scope != null && scopePrefix != null || read.key != null && keyPrefix != null) {
            throw new InvalidException("a name and its prefix cannot both be given");
        }
        return read;
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

    private static boolean flag(JsonNode members, String name) throws InvalidException {
        JsonNode value = members.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw new InvalidException("`" + name + "` must be a boolean");
        }
        return value.asBoolean(false);
    }

    private static Set<String> eventTypes(JsonNode list) throws InvalidException {
        Set<String> types = new HashSet<>();
        for (JsonNode type : list) {
            types.add(type.asText());
        }
        boolean absent = list.isMissingNode() || list.isNull();
        if (!absent && (!list.isArray() || types.isEmpty() || !EVENT_TYPES.containsAll(types))) {
            throw new InvalidException("`event_types` must be an array of state:created, state:updated, state:deleted");
        }
        return Set.copyOf(types);
    }

    /** Whether the trigger hears of it, as far as can be told without asking a function. */
    boolean matches(StateChange change) {
        StateKey changed = change.key();
        return isOfScope(change)
                && (key == null ? changed.key().startsWith(keyPrefix) : key.equals(changed.key()))
                && (eventTypes.isEmpty() || eventTypes.contains(StateEvent.type(change)))
                && !(onlyChanges && changesNothing(change))
                && (condition == null || condition.fires(change));
    }

    private boolean isOfScope(StateChange change) {
        String changed = change.key().scope();
        if (changed.equals(scope)) {
            return true;
        }
        return change.forkOf() == null
                ? scope == null && changed.startsWith(scopePrefix)
                : includeForks && (scope == null ? changed.startsWith(scopePrefix) : changed.startsWith(scope + Fork.SEPARATOR));
    }

    private static boolean changesNothing(StateChange change) {
        return change.before() == null || change.after() == null
                ? change.before() == change.after()
                : JsonEquality.same(change.before().value(), change.after().value());
    }
}
