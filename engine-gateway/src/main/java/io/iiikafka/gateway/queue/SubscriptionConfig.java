package io.iiikafka.gateway.queue;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * The config of a trigger of type {@code durable:subscriber}, in the words of all generations (spec: queue.md 3.1):
 * {@code {"topic":"order.created","condition_function_id":"is::large","queue_config":{"type":"fifo","maxRetries":5}}}.
 * What stands beside {@code queue_config} goes before what stands in it; values of the wrong kind, and unknown keys, are
 * ignored; times of more than ten years are ten years.
 *
 * @param condition a function that may veto each delivery; null: none
 */
record SubscriptionConfig(String topic, @Nullable String condition, QueueSettings settings) {

    private static final long SECOND_MS = 1_000;
    private static final double LARGEST = 1L << 53;

    /**
     * @param defaults for what is not said
     * @throws InvalidQueueException when no topic is named, or one is to begin with what is not kept
     */
    static SubscriptionConfig read(RawJson config, QueueSettings defaults) {
        JsonNode top = config.toTree();
        JsonNode inner = top.path("queue_config");
        String topic = text(top, "topic", "queue");
        if (topic == null) {
            throw new InvalidQueueException("queue is required for durable:subscriber trigger");
        }
        String start = text(top, "start");
        if (start == null) {
            start = text(inner, "start");
        }
        if (start != null && !start.equals("latest")) {
            throw new InvalidQueueException("start '" + start + "' is not possible for topic '" + topic
                    + "': messages are kept for the subscriptions that are there when they are published; leave it out, or say"
                    + " 'latest', or use a trigger of type subscribe, with 'from', for what was published before");
        }
        return new SubscriptionConfig(
                topic, text(top, "condition_function_id", "_condition_path"), settings(top, inner, defaults));
    }

    private static QueueSettings settings(JsonNode top, JsonNode inner, QueueSettings defaults) {
        String type = text(inner, "type");
        boolean fifo = type == null ? defaults.fifo() : type.equals("fifo");
        String backoffType = text(inner, "backoffType", "backoff_type");
        Long timeout = time(0, SECOND_MS, inner, "visibilityTimeout", "visibility_timeout");
        Long delay = time(0, SECOND_MS, inner, "delaySeconds", "delay_seconds");
        return new QueueSettings(
                fifo,
                null,
                fifo ? 1 : (int) orElse(whole(0, inner, "concurrency"), defaults.concurrency()),
                attempts(top, inner, defaults),
                orElse(
                        time(0, 1, top, "backoff_ms", "backoffDelayMs"),
                        orElse(time(0, 1, inner, "backoffDelayMs", "backoff_delay_ms", "backoff_ms"), defaults.backoffMs())),
                backoffType == null ? defaults.exponential() : !backoffType.equals("fixed"),
                orElse(time(0, 1, inner, "maxBackoffMs", "max_backoff_ms"), defaults.maxBackoffMs()),
                share(inner, defaults.jitter()),
                timeout != null && timeout > 0
                        ? timeout
                        : orElse(time(1, 1, inner, "timeoutMs", "timeout_ms"), defaults.timeoutMs()),
                delay != null ? delay : orElse(time(0, 1, inner, "delayMs", "delay_ms"), defaults.delayMs()),
                orElse(time(0, 1, inner, "holdMaxMs", "hold_max_ms"), defaults.holdMaxMs()),
                (int) orElse(whole(0, inner, "maxWorkerLosses", "max_worker_losses"), defaults.maxWorkerLosses()),
                defaults.nonRetryableCodes(),
                orElse(text(inner, "priorityField", "priority_field"), defaults.priorityField()),
                orElse(text(inner, "delayField", "delay_field"), defaults.delayField()),
                orElse(text(inner, "dedupField", "dedup_field"), defaults.dedupField()),
                defaults.rateLimit(),
                defaults.deliverInfo() || flag(top) || flag(inner),
                orElse(time(0, 1, inner, "resultRetentionMs", "result_retention_ms"), defaults.resultRetentionMs()));
    }

    /** Retries beside {@code queue_config} are deliveries in all, those in it come on top of the first (6.2). */
    private static int attempts(JsonNode top, JsonNode inner, QueueSettings defaults) {
        Long exactly = whole(1, top, "max_attempts", "maxAttempts");
        if (exactly == null) {
            exactly = whole(1, inner, "max_attempts", "maxAttempts");
        }
        Long all = whole(0, top, "max_retries", "maxRetries", "retries");
        Long more = whole(0, inner, "maxRetries", "max_retries");
        long attempts = exactly != null
                ? exactly
                : all != null ? Math.max(1, all) : more != null ? more + 1 : defaults.maxAttempts();
        return (int) Math.min(Integer.MAX_VALUE, attempts);
    }

    private static @Nullable String text(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.path(name);
            if (value.isTextual() && !value.textValue().isEmpty()) {
                return value.textValue();
            }
        }
        return null;
    }

    private static @Nullable Long whole(long min, JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.path(name);
            if (isWhole(value) && value.doubleValue() >= min && value.doubleValue() <= LARGEST) {
                return List.of("concurrency", "maxWorkerLosses", "max_worker_losses").contains(name)
                        ? Math.min(Integer.MAX_VALUE, value.longValue())
                        : value.longValue();
            }
        }
        return null;
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    }

    /**
     * In milliseconds.
     *
     * @param unitMs what it is given in
     */
    private static @Nullable Long time(long min, long unitMs, JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.path(name);
            if (isWhole(value) && value.doubleValue() >= min) {
                long most = QueueSettings.LONGEST_MS / unitMs;
                return value.doubleValue() > most ? QueueSettings.LONGEST_MS : value.longValue() * unitMs;
            }
        }
        return null;
    }

    private static double share(JsonNode inner, double otherwise) {
        JsonNode jitter = inner.path("jitter");
        return jitter.isNumber() && jitter.doubleValue() >= 0 && jitter.doubleValue() <= 1
                ? jitter.doubleValue()
                : otherwise;
    }

    private static boolean flag(JsonNode object) {
        return object.path("deliver_info").asBoolean(false) || object.path("deliverInfo").asBoolean(false);
    }

    private static long orElse(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }

    private static @Nullable String orElse(@Nullable String value, @Nullable String otherwise) {
        return value == null ? otherwise : value;
    }
}
