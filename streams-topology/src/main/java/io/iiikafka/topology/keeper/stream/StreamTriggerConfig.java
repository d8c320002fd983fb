package io.iiikafka.topology.keeper.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.condition.TriggerCondition;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/**
 * Which events a trigger of type {@code stream} hears of, and how (spec: stream.md 6.1, 13.6).
 *
 * @param eventTypes only {@code create}, {@code update}, {@code delete} or {@code event}; empty: all
 * @param customTypes only sent events of these types; empty: all
 * @param onlyChanges whether a write that changes nothing is passed over
 * @param condition an expression that must be fulfilled, or null
 * @param conditionFunction a function that may veto, or null
 * @param payload null: as configured for all triggers
 * @param includeMeta whether the payload tells which event it is
 */
public record StreamTriggerConfig(
        NameFilter stream,
        NameFilter group,
        NameFilter item,
        Set<String> eventTypes,
        Set<String> customTypes,
        boolean onlyChanges,
        @Nullable TriggerCondition condition,
        @Nullable String conditionFunction,
        @Nullable PayloadForm payload,
        boolean includeMeta) {

    private static final Set<String> EVENT_TYPES =
            Set.of(StreamEvent.CREATE, StreamEvent.UPDATE, StreamEvent.DELETE, StreamEvent.SENT);

    /** The config is not one; the message is for the registrant. */
    public static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1;

        InvalidException(String detail) {
            super("Failed to deserialize stream trigger: " + detail, null, false, false);
        }
    }

    /** Members that are not known are ignored; the empty text is a wild card for group and item. */
    public static StreamTriggerConfig parse(RawJson config) throws InvalidException {
        if (!config.isObject()) {
            throw new InvalidException("expected an object");
        }
        JsonNode members = config.toTree();
        if (!members.hasNonNull("stream_name") && !members.hasNonNull("stream_prefix")) {
            throw new InvalidException("stream_name is required");
        }
        return new StreamTriggerConfig(
                names(members, "stream", text(members, "stream_name")),
                names(members, "group", orNull(text(members, "group_id"))),
                names(members, "item", orNull(text(members, "item_id"))),
                eventTypes(members),
                texts(members, "custom_types"),
                flag(members, "only_changes"),
                condition(members),
                orNull(text(members, "condition_function_id")),
                payload(members),
                flag(members, "include_meta"));
    }

    private static NameFilter names(JsonNode members, String what, @Nullable String exact) throws InvalidException {
        String prefix = text(members, what + "_prefix");
        if (exact != null && prefix != null) {
            throw new InvalidException("`" + what + "_prefix` and the exact name cannot both be given");
        }
        return new NameFilter(exact, prefix == null ? "" : prefix);
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static Set<String> eventTypes(JsonNode members) throws InvalidException {
        Set<String> types = texts(members, "event_types");
        if (!EVENT_TYPES.containsAll(types)) {
            throw new InvalidException("`event_types` must be an array of create, update, delete, event");
        }
        return types;
    }

    private static @Nullable TriggerCondition condition(JsonNode members) throws InvalidException {
        String expression = text(members, "condition");
        try {
            return expression == null
                    ? null
                    : TriggerCondition.of(expression, text(members, "condition_mode"), Subject.STREAM);
        } catch (InvalidConditionException e) {
            throw new InvalidException("condition: " + e.getMessage());
        }
    }

    private static @Nullable PayloadForm payload(JsonNode members) throws InvalidException {
        String name = text(members, "payload");
        PayloadForm form = name == null ? null : PayloadForm.of(name);
        if (name != null && form == null) {
            throw new InvalidException("`payload` must be frame, flat or both");
        }
        return form;
    }

    private static @Nullable String text(JsonNode members, String name) throws InvalidException {
        if (!members.hasNonNull(name)) {
            return null;
        }
        String text = members.get(name).textValue();
        if (text == null) {
            throw new InvalidException("`" + name + "` must be a string");
        }
        return text;
    }

    private static boolean flag(JsonNode members, String name) throws InvalidException {
        if (members.hasNonNull(name) && !members.get(name).isBoolean()) {
            throw new InvalidException("`" + name + "` must be a boolean");
        }
        return members.path(name).asBoolean(false);
    }

    private static Set<String> texts(JsonNode members, String name) throws InvalidException {
        Set<String> texts = new HashSet<>();
        if (members.hasNonNull(name)) {
            for (JsonNode each : members.get(name)) {
                texts.add(each.asText());
            }
            if (!members.get(name).isArray() || texts.isEmpty()) {
                throw new InvalidException("`" + name + "` must be an array of strings");
            }
        }
        return Set.copyOf(texts);
    }

    /** Whether the trigger hears of it, as far as can be told without asking a function. */
    boolean matches(StreamChange change) {
        StreamEvent event = change.event();
        String name = event.group().stream();
        boolean shunned = stream.exact() == null
                && name.startsWith(ReplaySettings.OWN_FEEDS)
                && !stream.prefix().startsWith(ReplaySettings.OWN_FEEDS);
        if (shunned || !stream.matches(name) || !group.matches(event.group().group()) || !item.matches(event.id())) {
            return false;
        }
        return isPlain() || matches(change, SentEvent.of(event.event()));
    }

    /** Whether names are all that counts. */
    private boolean isPlain() {
        return eventTypes.isEmpty() && customTypes.isEmpty() && !onlyChanges && condition == null;
    }

    private boolean matches(StreamChange change, SentEvent event) {
        boolean sent = event.type().equals(StreamEvent.SENT);
        boolean ofType = sent
                ? customTypes.isEmpty() || customTypes.contains(event.customType())
                : customTypes.isEmpty() || !eventTypes.isEmpty();
        RawJson before = change.before() == null ? null : change.before().value();
        RawJson after = change.after() == null ? null : change.after().value();
        return ofType
                && (eventTypes.isEmpty() || eventTypes.contains(event.type()))
                && !(onlyChanges && before != null && after != null && JsonEquality.same(before, after))
                && (condition == null || holds(condition, change.event(), event, before, after));
    }

    private static boolean holds(
            TriggerCondition condition,
            StreamEvent event,
            SentEvent sent,
            @Nullable RawJson before,
            @Nullable RawJson after) {
        Map<String, String> names = new HashMap<>();
        names.put("stream_name", event.group().stream());
        names.put("group_id", event.group().group());
        names.put("event_type", sent.type().equals(StreamEvent.SENT) ? StreamEvent.SENT : sent.type() + "d");
        if (event.id() != null) {
            names.put("item_id", event.id());
        }
        if (sent.customType() == null) {
            return condition.fires(before, after, names);
        }
        names.put("custom_type", sent.customType());
        return condition.condition().isTrue(null, sent.data(), names);
    }
}
