package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an operator can set, read and checked.
 *
 * @param process roles, directory, threads
 * @param kafka the cluster
 * @param topics the topics
 * @param broker Kafka in this process, where it has that role
 * @param listeners for workers; at least one; the first is the one that other gateways use
 * @param http the REST port, or empty: {@code config.yaml} lists workers, but not that one
 * @param admin health and metrics
 * @param limits what is too much
 * @param channels between workers, and for bodies of HTTP requests
 * @param state {@code state::*}
 * @param streams {@code stream::*} and its port
 * @param streamPort whether that port is open; not when {@code config.yaml} lists workers, but not that one
 * @param queues named queues, and what holds for subscriptions to durable topics
 * @param pubsub {@code publish} and the triggers of type {@code subscribe}
 * @param kafkaTriggers triggers of type {@code kafka}
 * @param keeper what holds state and the like
 * @param timing how long things may take
 */
public record EngineConfig(
        ProcessConfig process,
        KafkaConfig kafka,
        TopicsConfig topics,
        BrokerConfig broker,
        List<ListenerConfig> listeners,
        Optional<HttpConfig> http,
        AdminConfig admin,
        LimitsConfig limits,
        ChannelsConfig channels,
        StateConfig state,
        StreamConfig streams,
        boolean streamPort,
        QueueConfig queues,
        PubsubConfig pubsub,
        KafkaTriggerSettings kafkaTriggers,
        KeeperConfig keeper,
        TimingConfig timing) {

    /** The defaults, with settings by their keys instead of files and environment: for tests and embedding. */
    public static EngineConfig of(Map<String, String> settings) {
        return ConfigLoader.load(ConfigInput.of(settings)).config();
    }
}
