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

    /**
     * Whether both may be there at once: a shared queue has the same settings for both. Those of another version of the
     * same trigger, on its way in or out, may differ.
     */
    boolean agreesOnFailures(Subscription other) {
        boolean sameTrigger = functionId.equals(other.functionId)
                && namespace.equals(other.namespace)
                && config.topic().equals(other.config.topic());
        return !group.equals(other.group)
                || sameTrigger
                || config.maxRetries() == other.config.maxRetries()
                        && config.backoffMs() == other.config.backoffMs()
                        && config.timeoutMs() == other.config.timeoutMs();
    }

    String describe() {
        return config.topic() + " for " + functionId;
    }
}
