package io.iiikafka.topology.keeper.pubsub;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
import org.jspecify.annotations.Nullable;

/**
 * The config of a trigger of type {@code subscribe} (spec: pubsub.md 3, 9).
 *
 * @param topics which it hears of
 * @param conditionFunction a function that may veto, or null
 * @param group triggers of one group share the events of a topic among them; null: it hears of all
 * @param start it first hears of what was published from there on; null: only of what is published from now on
 * @param deliverInfo whether it is told of the event in {@code metadata.iii_event}
 * @param filter null: it hears of every event
 * @param timeoutMs so long a delivery may wait for a worker
 * @param guarantee of a durable subscription; null: each event is told once, to who is there
 */
public record SubscribeConfig(
        TopicChoice topics,
        @Nullable String conditionFunction,
        @Nullable String group,
        @Nullable Start start,
        boolean deliverInfo,
        @Nullable EventFilter filter,
        long timeoutMs,
        @Nullable Guarantee guarantee)
        implements TriggerConfig {

    private static final long DEFAULT_TIMEOUT_MS = 30_000;
    private static final long DAY_MS = 86_400_000;

    /** Members that are not known are ignored. */
    public static SubscribeConfig parse(RawJson config) throws InvalidTriggerException {
        TriggerMembers members = TriggerMembers.of(config, "Failed to deserialize subscribe trigger: ");
        return new SubscribeConfig(
                topics(members),
                orNull(members.text("condition_function_id")),
                orNull(members.text("group")),
                start(config.toTree().path("from"), members),
                members.flag("deliver_info"),
                filter(config.toTree(), members),
                members.number("timeout_ms", DEFAULT_TIMEOUT_MS, 1, DAY_MS),
                guarantee(members));
    }

    private static @Nullable Guarantee guarantee(TriggerMembers members) throws InvalidTriggerException {
        if (!members.flag("durable")) {
            return null;
        }
        if (members.text("subscription") == null) {
            throw members.invalid("`durable` needs `subscription`, the name under which events are kept for it");
        }
        for (String other : new String[] {"group", "batch"}) {
            if (members.has(other)) {
                throw members.invalid("`durable` cannot be combined with `" + other + "`");
            }
        }
        return Guarantee.read(members, "topic", "key", "subscription", true);
    }

    private static TopicChoice topics(TriggerMembers members) throws InvalidTriggerException {
        String match = members.choice("match", "exact", "wildcard");
        if (members.has("topics")) {
            Set<String> topics = members.texts("topics", Set.of());
            if (members.has("topic") || match != null || topics.contains("")) {
                throw members.invalid("`topics` is a list of topics, without `topic` and `match`");
            }
            return TopicChoice.of(topics);
        }
        String topic = members.isText("topic") ? members.text("topic") : null;
        if (topic == null || topic.isEmpty()) {
            throw new InvalidTriggerException("topic is required for subscribe trigger");
        }
        return "wildcard".equals(match) ? TopicChoice.wildcard(topic, members) : TopicChoice.of(Set.of(topic));
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable Start start(JsonNode from, TriggerMembers members) throws InvalidTriggerException {
        if (from.isMissingNode() || from.isNull() || from.asText().equals("now")) {
            return null;
        }
        if (from.asText().equals("retained")) {
            return new Start.Retained();
        }
        if (from.asText().equals("earliest")) {
            return new Start.Earliest();
        }
        if (from.path("offset").canConvertToLong() && from.path("offset").longValue() > 0) {
            return new Start.At(from.path("offset").longValue());
        }
        try {
            return new Start.Since(
                    OffsetDateTime.parse(from.asText()).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw members.invalid("`from` must be \"now\", \"earliest\", \"retained\", a time (2026-07-03T12:00:00Z) or {\"offset\":n}");
        }
    }

    private static @Nullable EventFilter filter(JsonNode config, TriggerMembers members) throws InvalidTriggerException {
        if (!members.has("filter")) {
            return null;
        }
        TriggerMembers filter = members.object("filter", "path", "equals");
        String path = filter.text("path");
        JsonNode equals = config.path("filter").path("equals");
        if (path == null || path.isEmpty() || equals.isMissingNode()) {
            throw members.invalid("`filter` needs `path` and `equals`");
        }
        return new EventFilter(path, equals);
    }

    @Override
    public @Nullable String place() {
        return topics.only();
    }

    @Override
    public boolean looksBack() {
        return start != null;
    }

    /** Whether it hears of the event, as far as can be told without asking a function. */
    boolean matches(PublishedEvent event) {
        return topics.matches(event.topic())
                && (filter == null || filter.passes(event.data().toTree()));
    }
}
