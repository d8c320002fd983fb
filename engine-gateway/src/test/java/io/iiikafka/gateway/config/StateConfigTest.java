package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;

import io.iiikafka.topology.keeper.state.HistorySettings;
import org.junit.jupiter.api.Test;

class StateConfigTest {

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().state()).isEqualTo(new StateConfig(
                true, OptionalLong.empty(), false, List.of(), 0, HistorySettings.DEFAULT));
        assertThat(Load.defaults().keeper()).isEqualTo(new KeeperConfig(0, 128L << 20));
    }

    @Test
    void shouldMapEachSetting() {
        EngineConfig config = Load.yaml("""
                        workers:
                          - name: iii-state
                            config:
                              triggers_enabled: false
                              max_value_bytes: 10
                              max_value_bytes_strict: true
                              sharded_scopes: [agent, "hot-*"]
                              max_trigger_depth: 100
                              history:
                                {enabled: false, max_age_ms: 1h, max_versions_per_key: 5, values: false, exclude_scopes: [x]}
                        keeper: {standbys: 1, memory: 64MiB}
                        """).config();

        assertThat(config.state())
                .isEqualTo(new StateConfig(false, OptionalLong.of(10), true, List.of("agent", "hot-*"), 100,
                        new HistorySettings(false, 3_600_000, 5, false, List.of("x"))));
        assertThat(config.keeper()).isEqualTo(new KeeperConfig(1, 64L << 20));
        assertThat(Load.environment("III_STATE_SHARDED_SCOPES", "a,b").state().shardedScopes()).containsExactly("a", "b");
    }

    @Test
    void shouldTakeFilesOfOtherEnginesAndSayThatStateIsInKafka() {
        LoadedConfig kv = Load.yaml("""
                workers:
                  - name: iii-state
                    config:
                      adapter: {name: kv, config: {store_method: file_based, file_path: ./data/state_store.db}}
                      save_interval_ms: 5
                """);
        assertThat(kv.warnings()).singleElement().asString().contains("state is kept in Kafka");
        LoadedConfig old = Load.yaml("""
                modules:
                  - class: modules::state::StateModule
                    config: {adapter: {class: modules::state::adapters::RedisAdapter, config: {redis_url: x}}}
                """);
        assertThat(old.warnings()).singleElement().asString().contains("state is kept in Kafka");
        assertThat(Load.yaml("workers: [{name: state, config: {max_value_bytes: 0}}]").config().state().maxValueBytes())
                .isEmpty();
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThat(Load.problems("workers: [{name: iii-state, config: {trigers_enabled: true}}]"))
                .singleElement()
                .asString()
                .contains("unknown key 'trigers_enabled'")
                .contains("triggers_enabled");
        assertThat(Load.problems("workers: [{name: iii-state, config: {adapter: {name: bridge}}}]"))
                .singleElement()
                .asString()
                .contains("adapter of iii-state must be");
        assertThat(Load.problems("workers: [{name: iii-state, config: {adapter: {name: kv, config: {file_pth: x}}}}]"))
                .singleElement()
                .asString()
                .contains("unknown key 'file_pth'")
                .contains("file_path");
        assertThat(Load.problems("workers: [{name: iii-state, config: {history: {max_age: 1}}}]"))
                .singleElement()
                .asString()
                .contains("unknown key 'max_age'");
        assertThat(Load.problems("workers: [{name: iii-state}, {name: state}]")).singleElement().asString().contains("Duplicate");
        assertThat(Load.problems("keeper: {memory: 1KiB}")).singleElement().asString().contains("at least 8MiB");
    }
}
