package io.iiikafka.gateway.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerConfigTest {

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().listeners())
                .containsExactly(
                        new ListenerConfig("iii-worker-manager", "0.0.0.0", 49_134, Duration.ofSeconds(10)));
    }

    @Test
    void shouldMapEachSettingOfEachEntry() {
        assertThat(Load.yaml("""
                        workers:
                          - name: iii-worker-manager
                            config: {port: 1, host: 127.0.0.1, handshake_timeout_ms: 500}
                          - name: iii-worker-manager
                            config:
                              port: 2
                        """).config().listeners())
                .containsExactly(
                        new ListenerConfig("iii-worker-manager", "127.0.0.1", 1, Duration.ofMillis(500)),
                        new ListenerConfig("iii-worker-manager#1", "0.0.0.0", 2, Duration.ofSeconds(10)));
    }

    @Test
    void shouldPreferEnvironmentForFirstEntryOnly() {
        assertThat(Load.yaml("""
                        workers:
                          - {name: iii-worker-manager, config: {port: 1}}
                          - {name: iii-worker-manager, config: {port: 2}}
                        """, "III_PORT", "9", "III_HOST", "::1").config().listeners())
                .extracting(ListenerConfig::host, ListenerConfig::port)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("::1", 9),
                        org.assertj.core.api.Assertions.tuple("0.0.0.0", 2));
    }

    @Test
    void shouldNameNearestKeyWhenMisspelt() {
        assertThat(Load.problems("""
                        workers:
                          - name: iii-worker-manager
                            config:
                              prot: 1
                        """))
                .containsExactly("config.yaml:4: iii-worker-manager: unknown key 'prot'; did you mean 'port'?");
    }

    @Test
    void shouldRefuseToOpenWhatUserWantedClosed() {
        assertThat(Load.problems("""
                        workers:
                          - name: iii-worker-manager
                            config:
                              middleware_function_id: guard::check
                              rbac: {auth_function_id: guard::auth}
                        """))
                .hasSize(2)
                .allMatch(line -> line.contains("is not supported yet"))
                .anyMatch(line -> line.startsWith("config.yaml:5: 'rbac'"));
    }
}
