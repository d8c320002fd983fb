package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iiikafka.gateway.queue.InvalidQueueException;
import io.iiikafka.gateway.queue.QueueDefinition;
import io.iiikafka.gateway.queue.QueueSource;
import io.iiikafka.topology.queue.QueueSettings;

/**
 * Queues: the {@code iii-queue} entry, under either of its names (spec: queue.md section 8).
 *
 * @param queues by their names
 * @param subscriptions what holds for a subscription to a durable topic that does not say otherwise
 * @param subscriptionExpiry a subscription that has had no trigger for so long ends; default 7 days
 */
public record QueueConfig(
        Map<String, QueueSettings> queues, QueueSettings subscriptions, Duration subscriptionExpiry) {

    static final String WORKER_NAME = "iii-queue";
    static final String STANDALONE_NAME = "queue";

    /** How many messages of a subscription are handled at once. */
    enum Mode {
        CONCURRENT,
        FIFO
    }

    static final Setting<JsonNode> QUEUE_CONFIGS = Setting.of(
            "queue.queue_configs",
            new SettingType<>(
                    "queues by their names",
                    true,
                    QueueConfig::object,
                    queues -> queues.isEmpty() ? "none" : queues.toString()),
            JsonNodeFactory.instance.objectNode(),
            "named queues and what holds for each (`docs/queues.md`); the same on all gateways");
    static final Setting<Integer> MAX_ATTEMPTS = Setting.of(
            "queue.subscriptions.max_attempts",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            QueueSettings.DEFAULT.maxAttempts(),
            "deliveries in all of a message, for subscriptions to durable topics that do not say");
    static final Setting<Duration> BACKOFF = Setting.of(
            "queue.subscriptions.backoff_ms",
            SettingTypes.DURATION,
            Duration.ofMillis(QueueSettings.DEFAULT.backoffMs()),
            "before the second of them; doubled before each further one");
    static final Setting<Integer> CONCURRENCY = Setting.of(
            "queue.subscriptions.concurrency",
            SettingTypes.integer(0, Integer.MAX_VALUE),
            QueueSettings.DEFAULT.concurrency(),
            "messages of one subscription that are handled at once; 0: none");
    static final Setting<Mode> MODE = Setting.of(
            "queue.subscriptions.mode",
            SettingTypes.oneOf(Mode.class),
            Mode.CONCURRENT,
            "`fifo`: one message of a subscription after the other, in order");
    static final Setting<Optional<String>> PRIORITY_FIELD = Setting.of(
            "queue.subscriptions.priority_field",
            SettingTypes.OPTIONAL_TEXT,
            Optional.<String>empty(),
            "member of messages that is their priority");
    static final Setting<Duration> SUBSCRIPTION_EXPIRY = Setting.of(
            "queue.subscription_expiry",
            SettingTypes.DURATION,
            Duration.ofDays(7),
            "a subscription to a durable topic that has had no trigger for so long ends, with what it has waiting");

    static final List<Setting<?>> SETTINGS = List.of(
            QUEUE_CONFIGS, MAX_ATTEMPTS, BACKOFF, CONCURRENCY, MODE, PRIORITY_FIELD, SUBSCRIPTION_EXPIRY);

    private static JsonNode object(ConfigNode node) {
        if (node.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!(node instanceof ConfigNode.Mapping)) {
            throw new BadValue("must be queues by their names");
        }
        return ConfigJson.of(node);
    }

    static QueueConfig from(Values values, WorkerEntries workers) {
        QueueSource source =
                workers.queueName().equals(STANDALONE_NAME) ? QueueSource.STANDALONE : QueueSource.IN_PROCESS;
        Map<String, QueueSettings> queues = new LinkedHashMap<>();
        values.get(QUEUE_CONFIGS).properties().forEach(entry -> {
            try {
                queues.put(entry.getKey(), queue(source, entry.getKey(), entry.getValue()));
            } catch (InvalidQueueException e) {
                values.error(QUEUE_CONFIGS, "has a wrong entry: " + e.getMessage());
            }
        });
        return new QueueConfig(Map.copyOf(queues), subscriptions(values), values.get(SUBSCRIPTION_EXPIRY));
    }

    private static QueueSettings queue(QueueSource source, String name, JsonNode config) {
        if (name.isBlank() || !name.strip().equals(name)) {
            throw new InvalidQueueException("the name of a queue must not be blank or have white space around it");
        }
        if (!config.isObject() && !config.isNull()) {
            throw new InvalidQueueException("Queue '" + name + "' must hold keys and values");
        }
        return QueueDefinition.read(source, name, config.isNull() ? JsonNodeFactory.instance.objectNode() : config);
    }

    private static QueueSettings subscriptions(Values values) {
        QueueSettings defaults = QueueSettings.DEFAULT;
        return new QueueSettings(
                values.get(MODE) == Mode.FIFO,
                null,
                values.get(CONCURRENCY),
                values.get(MAX_ATTEMPTS),
                values.get(BACKOFF).toMillis(),
                defaults.exponential(),
                defaults.maxBackoffMs(),
                defaults.jitter(),
                defaults.timeoutMs(),
                defaults.delayMs(),
                defaults.holdMaxMs(),
                defaults.maxWorkerLosses(),
                defaults.nonRetryableCodes(),
                values.get(PRIORITY_FIELD).orElse(null),
                defaults.delayField(),
                defaults.dedupField(),
                defaults.rateLimit(),
                defaults.deliverInfo(),
                defaults.resultRetentionMs());
    }
}
