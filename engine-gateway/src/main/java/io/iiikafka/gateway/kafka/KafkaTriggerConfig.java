package io.iiikafka.gateway.kafka;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
import io.iiikafka.topology.topics.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The config of a trigger of type {@code kafka}.
 *
 * @param topic of Kafka; it need not be there yet
 * @param group the consumer group; null: one of the function's own
 * @param from where a group begins that has no position yet
 * @param keyFormat {@code string} unless given
 * @param valueFormat {@code json} unless given
 * @param batch null: each record is a call of its own
 * @param concurrency so many calls at once for each partition; 1 (the default): its records are handled in order
 * @param maxRetries after the first delivery, as jobs of the queue {@code kafka:<group>}; default 3
 * @param backoffMs before the first of them; doubled before each further one
 * @param timeoutMs a delivery that is not answered by then has failed; default 30 minutes
 * @param conditionFunction a function that may veto each delivery, or null
 */
record KafkaTriggerConfig(
        String topic,
        @Nullable String group,
        From from,
        String keyFormat,
        String valueFormat,
        @Nullable Batch batch,
        int concurrency,
        int maxRetries,
        long backoffMs,
        long timeoutMs,
        @Nullable String conditionFunction) {

    private static final long DAY_MS = 86_400_000;

    /** At most so many records in one call, and so long the first of them waits for others. */
    record Batch(int maxRecords, long maxWaitMs) {}

    /** Where a group begins that has no position yet. */
    sealed interface From {

        /** Behind the last record. */
        record Latest() implements From {}

        /** At the first record. */
        record Earliest() implements From {}

        /** At the first record with that time, or a later one, in epoch milliseconds. */
        record Since(long ms) implements From {}
    }

    /**
     * Members that are not known are ignored.
     *
     * @param formats names of formats
     * @param topics the engine's own
     */
    static KafkaTriggerConfig parse(RawJson config, Set<String> formats, Topics topics) throws InvalidTriggerException {
        TriggerMembers members = TriggerMembers.of(config, "Failed to deserialize kafka trigger: ");
        String topic = members.text("topic");
        if (topic == null || topic.isEmpty()) {
            throw new InvalidTriggerException("topic is required for kafka trigger");
        }
        if (feedsItself(topic, topics)) {
            throw members.invalid("`topic` " + topic + " holds the calls themselves, so each call would cause another one");
        }
        return new KafkaTriggerConfig(
                topic,
                orNull(members.text("group")),
                from(config.toTree().path("from"), members),
                format(members, "key_format", "string", formats),
                format(members, "value_format", "json", formats),
                batch(members),
                (int) members.number("concurrency", 1, 1, 10_000),
                (int) members.number("max_retries", 3, 0, 1_000_000),
                members.number("backoff_ms", 1_000, 0, DAY_MS),
                members.number("timeout_ms", 1_800_000, 1, 7 * DAY_MS),
                orNull(members.text("condition_function_id")));
    }

    private static boolean feedsItself(String topic, Topics topics) {
        return Set.of(topics.invocations(), topics.commands(), topics.deliveries(), topics.results())
                .contains(topic);
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static From from(JsonNode from, TriggerMembers members) throws InvalidTriggerException {
        if (from.isMissingNode() || from.isNull() || from.asText().equals("latest")) {
            return new From.Latest();
        }
        if (from.asText().equals("earliest")) {
            return new From.Earliest();
        }
        try {
            return new From.Since(
                    from.isIntegralNumber()
                            ? from.longValue()
                            : OffsetDateTime.parse(from.asText()).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw members.invalid("`from` must be \"latest\", \"earliest\" or a time (2026-07-03T12:00:00Z or epoch ms)");
        }
    }

    private static String format(TriggerMembers members, String name, String usual, Set<String> formats)
            throws InvalidTriggerException {
        String format = members.text(name);
        if (format != null && !formats.contains(format)) {
            throw members.invalid("`" + name + "` must be one of " + String.join(", ", formats)
                    + "; others are configured by kafka_trigger.formats");
        }
        return format == null ? usual : format;
    }

    private static @Nullable Batch batch(TriggerMembers members) throws InvalidTriggerException {
        if (!members.has("batch")) {
            return null;
        }
        TriggerMembers batch = members.object("batch", "max_records", "max_wait_ms");
        return new Batch(
                (int) batch.number("max_records", 100, 1, 500), batch.number("max_wait_ms", 100, 0, 60_000));
    }
}
