package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster.
 *
 * @param bootstrapServers {@code host:port,…} of an existing cluster; empty (the default): Kafka runs in this process
 * @param clientProperties for every Kafka client, from {@code kafka.NAME}, {@code III_KAFKA_NAME} and
 *     {@code --kafka-property NAME=VALUE}; may hold secrets
 */
public record KafkaConfig(Optional<String> bootstrapServers, Map<String, String> clientProperties) {

    static final Setting<Optional<String>> BOOTSTRAP_SERVERS = Setting.of(
                    "kafka.bootstrap.servers",
                    SettingTypes.OPTIONAL_TEXT,
                    Optional.<String>empty(),
                    "`HOST:PORT,…` of an existing cluster; none: Kafka runs in this process")
            .flag("--kafka");

    static final List<Setting<?>> SETTINGS = List.of(BOOTSTRAP_SERVERS);

    static KafkaConfig from(Values values, Map<String, String> clientProperties) {
        return new KafkaConfig(
                values.get(BOOTSTRAP_SERVERS).filter(servers -> !servers.isBlank()), Map.copyOf(clientProperties));
    }

    /** Without the values, which may be secrets. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", clientProperties=" + clientProperties.keySet()
                + "]";
    }
}
