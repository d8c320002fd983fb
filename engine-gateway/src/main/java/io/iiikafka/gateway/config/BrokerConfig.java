package io.iiikafka.gateway.config;

import java.util.List;

import io.iiikafka.gateway.broker.BrokerSettings;

/**
 * Kafka in this process.
 *
 * @param port on loopback; default {@link BrokerSettings#PREFER_9092}: 9092, or any free one when it is taken
 */
public record BrokerConfig(int port) {

    static final Setting<Integer> PORT = Setting.of(
                    "broker.port",
                    SettingTypes.integerOr("auto", BrokerSettings.PREFER_9092, 0, 65_535),
                    BrokerSettings.PREFER_9092,
                    "port of Kafka in this process, on loopback; `auto`: 9092, or any free one if taken; 0: any")
            .flag("--broker-port");

    static final List<Setting<?>> SETTINGS = List.of(PORT);

    static BrokerConfig from(Values values) {
        return new BrokerConfig(values.get(PORT));
    }
}
