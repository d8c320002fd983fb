package io.iiikafka.gateway.config;

import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaConfigTest {

    @Test
    void shouldBeEmbeddedByDefault() {
        assertThat(Load.defaults().kafka()).isEqualTo(new KafkaConfig(Optional.empty(), Map.of()));
    }

    @Test
    void shouldPassClientPropertiesThroughFromEverywhere() {
        LoadedConfig loaded = ConfigLoader.load(new ConfigInput(
                Optional.of(Load.file("""
                        kafka:
                          bootstrap.servers: a:1,b:2
                          sasl:
                            mechanism: PLAIN
                          client.id: from-file
                        kafka.security.protocol: SASL_SSL
                        """)),
                Map.of("III_KAFKA_CLIENT_ID", "from-environment", "III_KAFKA_SASL_JAAS_CONFIG", "secret one"),
                Map.of("kafka.sasl.mechanism", "SCRAM-SHA-512")));

        assertThat(loaded.config().kafka())
                .isEqualTo(new KafkaConfig(
                        Optional.of("a:1,b:2"),
                        Map.of(
                                "security.protocol", "SASL_SSL",
                                "sasl.mechanism", "SCRAM-SHA-512",
                                "client.id", "from-environment",
                                "sasl.jaas.config", "secret one")));
        assertThat(loaded.print())
                .contains("kafka.sasl.jaas.config = [redacted]")
                .doesNotContain("secret one")
                .containsPattern("kafka.sasl.mechanism = SCRAM-SHA-512 +# command line");
        assertThat(loaded.config().toString()).doesNotContain("secret one");
    }
}
