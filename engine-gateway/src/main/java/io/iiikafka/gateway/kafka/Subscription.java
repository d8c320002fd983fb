package io.iiikafka.gateway.kafka;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What is read for whom. Triggers that agree in all of it are one: replicas of a worker share the records.
 *
 * @param group the consumer group
 * @param metadata handed over with every call
 */
record Subscription(
        KafkaTriggerConfig config, String group, String functionId, String namespace, @Nullable RawJson metadata) {

    /** The named queue in which failed deliveries are repeated. */
    String queue() {
        return "kafka:" + group;
    }

    String describe() {
        return config.topic() + " for " + functionId;
    }
}
