package io.iiikafka.topology.keeper.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.condition.TriggerCondition;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
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
 * @param guarantee of deliveries; null: none
 * @param start it hears first of the events from there on; null: only of those that come
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
        boolean includeMeta,
        @Nullable Guarantee guarantee,
        @Nullable LogStart start)
        implements TriggerConfig {

    private static final Set<String> EVENT_TYPES =
            Set.of(StreamEvent.CREATE, StreamEvent.UPDATE, StreamEvent.DELETE, StreamEvent.SENT);

    /** Members that are not known are ignored; the empty text is a wild card for group and item. */
    public static StreamTriggerConfig parse(RawJson config) throws InvalidTriggerException {
        TriggerMembers members = TriggerMembers.of(config, "Failed to deserialize stream trigger: ");
        if (!members.has("stream_name") && !members.has("stream_prefix")) {
            throw members.invalid("stream_name is required");
        }
        StreamTriggerConfig read = new StreamTriggerConfig(
                names(members, "stream", members.text("stream_name")),
                names(members, "group", orNull(members.text("group_id"))),
                names(members, "item", orNull(members.text("item_id"))),
                members.texts("event_types", EVENT_TYPES),
                members.texts("custom_types", Set.of()),
                members.flag("only_changes"),
                members.condition(Subject.STREAM),
                orNull(members.text("condition_function_id")),
                payload(members),
                members.flag("include_meta"),
                Guarantee.read(members, "item", "group", "consumer_group", true),
                start(config, members));
        if (read.start instanceof LogStart.At && (read.stream.exact() == null || read.group.exact() == null)) {
            throw members.invalid("`start` at an offset needs `stream_name` and `group_id`");
        }
        return read;
    }

    private static NameFilter names(TriggerMembers members, String what, @Nullable String exact)
            throws InvalidTriggerException {
        String prefix = members.text(what + "_prefix");
        if (exact != null && prefix != null) {
            throw members.invalid("`" + what + "_prefix` and the exact name cannot both be given");
        }
        return new NameFilter(exact, prefix == null ? "" : prefix);
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable PayloadForm payload(TriggerMembers members) throws InvalidTriggerException {
        String name = members.text("payload");
        PayloadForm form = name == null ? null : PayloadForm.of(name);
        if (name != null && form == null) {
            throw members.invalid("`payload` must be frame, flat or both");
        }
        return form;
    }

    @Override
    public @Nullable String place() {
        return stream.exact();
    }

    /** Whether it hears of events of that group. */
    boolean hearsOf(StreamGroup of) {
        return stream.matches(of.stream()) && group.matches(of.group());
    }

    private static @Nullable LogStart start(RawJson config, TriggerMembers members) throws InvalidTriggerException {
        try {
            LogStart start = LogStart.of(Input.of("trigger", config), "start");
            return start instanceof LogStart.Latest ? null : start;
        } catch (Refusal refusal) {
            throw members.invalid(String.valueOf(refusal.getMessage()));
        }
    }

    @Override
    public boolean looksBack() {
        return start != null;
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
