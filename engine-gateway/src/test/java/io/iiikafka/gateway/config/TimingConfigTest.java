package io.iiikafka.gateway.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimingConfigTest {

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().timing())
                .isEqualTo(new TimingConfig(
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(50),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(3),
                        Duration.ofHours(1),
                        Duration.ofSeconds(10)));
    }

    @Test
    void shouldMapEachSetting() {
        assertThat(Load.yaml("""
                        registration_namespace_grace_ms: 1000
                        timing:
                          quiet_grace: 2
                          ping_interval: 3s
                          idle_timeout: 4m
                          probe_timeout: 5s
                          gateway_lease: 6s
                          reconnect_grace: 7s
                          call_ceiling: 8h
                          drain_timeout: 9s
                        """).config().timing())
                .isEqualTo(new TimingConfig(
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofHours(8),
                        Duration.ofSeconds(9)));
    }

    @Test
    void shouldPreferEnvironmentForNamespaceGrace() {
        assertThat(Load.yaml("registration_namespace_grace_ms: 1000", "III_NAMESPACE_GRACE_MS", "250")
                        .config()
                        .timing()
                        .namespaceGrace())
                .isEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "99999999999999999999"})
    void shouldIgnoreAnEnvironmentForNamespaceGraceThatIsNoNumber(String value) {
        var loaded = Load.yaml("registration_namespace_grace_ms: 1000", "III_NAMESPACE_GRACE_MS", value);

        assertThat(loaded.config().timing().namespaceGrace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(loaded.warnings()).singleElement().asString().contains("III_NAMESPACE_GRACE_MS", value);
    }

    @Test
    void shouldRefuseWhenIdleIsShorterThanPing() {
        assertThat(Load.problems("timing: {idle_timeout: 10s}"))
                .singleElement()
                .asString()
                .startsWith("config.yaml:1: timing.idle_timeout must be longer than timing.ping_interval");
    }
}
