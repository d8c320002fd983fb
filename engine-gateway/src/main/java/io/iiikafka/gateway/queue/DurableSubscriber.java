package io.iiikafka.gateway.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/** The trigger type {@code durable:subscriber}, formerly {@code queue} and {@code event} (spec: queue.md 3.1). */
final class DurableSubscriber implements BuiltinTriggerType {

    static final String ID = "durable:subscriber";

    private static final RawJson CONFIGURATION = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"topic\":{\"type\":\"string\",\"description\":\"The topic\"},"
            + "\"condition_function_id\":{\"type\":[\"string\",\"null\"],"
            + "\"description\":\"Asked before each delivery; false: the message is dropped\"},"
            + "\"queue_config\":{\"description\":\"type (fifo), concurrency, maxRetries, backoffType, backoffDelayMs,"
            + " visibilityTimeout, delaySeconds\"}},\"required\":[\"topic\"]}");

    private final QueueSettings defaults;
    private final Map<String, String> topicsByTrigger = new ConcurrentHashMap<>();

    /** @param defaults of subscriptions that do not say */
    DurableSubscriber(QueueSettings defaults) {
        this.defaults = defaults;
    }

    /** The subscription that the trigger stands for; null when its config names no topic. */
    CatalogEntry.@Nullable Subscription subscription(CatalogEntry.Trigger trigger) {
        SubscriptionConfig config;
        try {
            config = SubscriptionConfig.read(trigger.config(), defaults);
        } catch (InvalidQueueException e) {
            return null;
        }
        JsonNode binding = trigger.metadata() == null ? null : trigger.metadata().toTree().get("__binding");
        return new CatalogEntry.Subscription(
                config.topic(),
                trigger.namespace(),
                binding != null && binding.isTextual() ? binding.textValue() : trigger.functionId(),
                trigger.functionId(),
                config.condition(),
                trigger.metadata(),
                config.settings());
    }

    /** How many live triggers each topic has. */
    Map<String, Integer> triggersByTopic() {
        Map<String, Integer> counts = new HashMap<>();
        topicsByTrigger.values().forEach(topic -> counts.merge(topic, 1, Integer::sum));
        return counts;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String ownerName() {
        return "queue";
    }

    @Override
    public String description() {
        return "Calls a function with each message of a durable topic";
    }

    @Override
    public RawJson configurationSchema() {
        return CONFIGURATION;
    }

    @Override
    public @Nullable RawJson requestSchema() {
        return null;
    }

    @Override
    public @Nullable RawJson responseSchema() {
        return null;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        try {
            topicsByTrigger.put(binding.key(), SubscriptionConfig.read(binding.config(), defaults).topic());
            return null;
        } catch (InvalidQueueException e) {
            return ErrorCode.TRIGGER_REGISTRATION_FAILED.body(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void unbind(Binding binding) {
        topicsByTrigger.remove(binding.key());
    }
}
