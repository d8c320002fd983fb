package io.iiikafka.gateway.config;

import io.iiikafka.gateway.broker.BrokerSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BrokerConfigTest {

    @Test
    void shouldHaveDefaultAndMapEachSetting() {
        assertThat(Load.defaults().broker()).isEqualTo(new BrokerConfig(BrokerSettings.PREFER_9092));
        assertThat(Load.yaml("broker: {port: 1}").config().broker()).isEqualTo(new BrokerConfig(1));
        assertThat(Load.environment("III_BROKER_PORT", "0").broker()).isEqualTo(new BrokerConfig(0));
    }
}
