package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.iiikafka.gateway.provided.ProvidedSettings;
import io.iiikafka.gateway.stream.StreamSocketSettings;
import io.iiikafka.topology.keeper.stream.PayloadForm;
import io.iiikafka.topology.keeper.stream.ReplayRule;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import org.junit.jupiter.api.Test;

class StreamConfigTest {

    @Test
    void shouldHaveDefaults() {
        StreamConfig defaults = Load.defaults().streams();
        assertThat(Load.defaults().streamPort()).isTrue();
        assertThat(defaults.socket())
                .isEqualTo(new StreamSocketSettings(
                        "0.0.0.0",
                        3112,
                        Optional.empty(),
                        false,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        false,
                        List.of(),
                        false,
                        OptionalInt.empty(),
                        1000,
                        256,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60)));
        assertThat(defaults.provided()).isEqualTo(ProvidedSettings.DEFAULT);
        assertThat(defaults.toSettings(16 << 20)).isEqualTo(StreamSettings.DEFAULT);
        assertThat(defaults.replay().toSettings()).isEqualTo(ReplaySettings.DEFAULT);
    }

    @Test
    void shouldMapEachSetting() {
        StreamConfig streams = Load.yaml("""
                        workers:
                          - name: iii-stream
                            config:
                              host: 127.0.0.1
                              port: 1
                              auth_function: auth
                              auth_required: true
                              auth_timeout_ms: 2
                              join_timeout_ms: 14
                              join_fail_closed: true
                              allowed_origins: ["https://a", "https://b"]
                              allow_anonymous_consumers: true
                              presence_contexts: true
                              trigger_payload: both
                              max_connections: 3
                              max_subscriptions_per_connection: 4
                              channel_size: 5
                              ping_interval_ms: 6
                              ping_timeout_ms: 7
                              stall_timeout_ms: 15
                              provider_timeout_ms: 8
                              provider_grace_ms: 9
                              replay:
                                max_age_ms: 10
                                max_events_per_group: 11
                                max_event_bytes: 12
                                consumer_group_ttl_ms: 13
                                rules: [{stream: "x*", enabled: false, max_events_per_group: 0}, {stream: y, max_age_ms: 1h}]
                              replay.enabled: true
                        """).config().streams();

        assertThat(streams.socket())
                .isEqualTo(new StreamSocketSettings(
                        "127.0.0.1",
                        1,
                        Optional.of("auth"),
                        true,
                        Duration.ofMillis(2),
                        Duration.ofMillis(14),
                        true,
                        List.of("https://a", "https://b"),
                        true,
                        OptionalInt.of(3),
                        4,
                        5,
                        Duration.ofMillis(6),
                        Duration.ofMillis(7),
                        Duration.ofMillis(15)));
        assertThat(streams.triggerPayload()).isEqualTo(PayloadForm.BOTH);
        assertThat(streams.presenceContexts()).isTrue();
        assertThat(streams.provided()).isEqualTo(new ProvidedSettings(Duration.ofMillis(8), Duration.ofMillis(9)));
        assertThat(streams.replay().toSettings())
                .isEqualTo(new ReplaySettings(
                        new ReplayRule(true, 10, 11, 12),
                        List.of(
                                new ReplaySettings.Named("x*", new ReplayRule(false, 10, 0, 12)),
                                new ReplaySettings.Named("y", new ReplayRule(true, 3_600_000, 11, 12))),
                        13));
    }

    @Test
    void shouldTakeFilesOfOtherEnginesAndSayThatStreamsAreInKafka() {
        LoadedConfig kv = Load.yaml("""
                workers:
                  - name: iii-stream
                    config:
                      port: 3112
                      host: 127.0.0.1
                      adapter:
                        name: kv
                        config: {store_method: file_based, file_path: ./data/stream_store, save_interval_ms: 5, channel_size: 9}
                """);
        assertThat(kv.warnings()).singleElement().asString().contains("streams are kept in Kafka");
        assertThat(kv.config().streams().socket().maxQueued()).isEqualTo(9);
        LoadedConfig old = Load.yaml("""
                modules:
                  - class: modules::stream::StreamModule
                    config:
                      auth_function: a
                      adapter: {class: modules::stream::adapters::RedisAdapter, config: {redis_url: x}}
                """);
        assertThat(old.warnings()).singleElement().asString().contains("streams are kept in Kafka");
        assertThat(old.config().streams().socket().authFunction()).contains("a");
    }

    @Test
    void shouldOpenThePortOnlyForFilesThatListIt() {
        assertThat(Load.yaml("workers: []").config().streamPort()).isFalse();
        assertThat(Load.yaml("workers: [{name: iii-stream}]").config().streamPort()).isTrue();
        assertThat(Load.yaml("workers: []", "III_STREAM_PORT", "5").config().streamPort()).isTrue();
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        for (String config : List.of(
                "prot: 1",
                "adapter: {name: nats}",
                "adapter: {name: kv, config: {chanel_size: 1}}",
                "replay: {enabld: true}",
                "replay: {rules: [{enabled: true}]}",
                "replay: {rules: [{stream: a, enabld: true}]}",
                "replay: {rules: [{stream: a, enabled: perhaps}]}",
                "channel_size: 0",
                "max_connections: 0",
                "ping_interval_ms: 0")) {
            assertThat(Load.problems("workers: [{name: iii-stream, config: {" + config + "}}]"))
                    .as(config)
                    .isNotEmpty();
        }
    }
}
