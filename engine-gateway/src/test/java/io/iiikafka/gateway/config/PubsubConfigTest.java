package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of pub/sub (spec: pubsub.md 5, 9). */
class PubsubConfigTest {

    @Test
    void shouldMapEachSetting() {
        assertThat(Load.defaults().pubsub())
                .isEqualTo(new PubsubConfig(Duration.ofHours(1), 100_000, 1_000, OptionalLong.empty()));
        assertThat(Load.yaml("workers: [{name: iii-pubsub, config: {retention_ms: 5m, max_events: 7, subscriber_buffer: 8,"
                                + " max_event_bytes: 1KiB}}]")
                        .config()
                        .pubsub())
                .isEqualTo(new PubsubConfig(Duration.ofMinutes(5), 7, 8, OptionalLong.of(1024)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-pubsub}",
        "{name: pubsub, config: {adapter: {name: local}}}",
        "{class: 'modules::pubsub::PubSubModule', config: {adapter: {class: 'modules::pubsub::LocalAdapter'}}}"
    })
    void shouldBeAcceptedWithoutAWarning(String entry) {
        assertThat(Load.yaml("workers: [" + entry + "]").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-pubsub, config: {adapter: {name: redis, config: {redis_url: 'redis://localhost:6379'}}}}",
        "{class: 'modules::pubsub::PubSubModule', config: {adapter: {class: 'modules::pubsub::RedisAdapter'}}}"
    })
    void shouldSayOnceThatRedisHasNoEffect(String entry) {
        assertThat(Load.yaml("workers: [" + entry + "]").warnings()).hasSize(1).first().asString().contains("redis");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{name: iii-pubsub}, {name: pubsub}",
        "{name: iii-pubsub, config: {adapters: {name: local}}}",
        "{name: iii-pubsub, config: {adapter: {name: nats}}}",
        "{name: iii-pubsub, config: {adapter: {name: redis, config: {redis_uri: x}}}}",
        "{name: iii-pubsub, config: {subscriber_buffer: 0}}"
    })
    void shouldRefuseWhatIsNotKnown(String entries) {
        assertThat(Load.problems("workers: [" + entries + "]")).isNotEmpty();
    }
}
