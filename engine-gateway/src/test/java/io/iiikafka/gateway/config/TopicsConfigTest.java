package io.iiikafka.gateway.config;

import java.time.Duration;

import io.iiikafka.topology.topics.TopicSettings;
import io.iiikafka.topology.topics.Topics;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TopicsConfigTest {

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().topics())
                .isEqualTo(new TopicsConfig(
                        "iii.", 8, 16, TopicSettings.AUTO, Provisioning.AUTO, Duration.ofDays(1), 256L << 20,
                        Duration.ofDays(7)));
    }

    @Test
    void shouldNotBoundSizeOnExistingCluster() {
        assertThat(Load.settings("kafka.bootstrap.servers", "k:9092").topics().retentionBytes())
                .isEqualTo(TopicSettings.UNBOUNDED);
    }

    @Test
    void shouldMapEachSetting() {
        EngineConfig config = Load.yaml("""
                topics:
                  prefix: acme.
                  partitions: 1
                  slots: 2
                  replication_factor: 3
                  provision: check
                  retention: 4h
                  retention_bytes: 5MiB
                  stream_retention: 30d
                """).config();

        assertThat(config.topics())
                .isEqualTo(new TopicsConfig("acme.", 1, 2, 3, Provisioning.CHECK, Duration.ofHours(4), 5L << 20, Duration.ofDays(30)));
        assertThat(config.topics().toSettings(config.limits()))
                .isEqualTo(new TopicSettings(
                        new Topics("acme."), 1, 2, 3, 33 << 20, Duration.ofHours(4), 5L << 20, Duration.ofDays(30)));
    }

    @Test
    void shouldTakeEmptyPrefixAndRefuseOneThatKafkaWould() {
        assertThat(Load.settings("topics.prefix", "").topics().prefix()).isEmpty();
        assertThat(Load.problems("topics: {prefix: 'a b'}"))
                .containsExactly("config.yaml:1: topics.prefix may hold letters, digits, '.', '_' and '-' only");
    }
}
