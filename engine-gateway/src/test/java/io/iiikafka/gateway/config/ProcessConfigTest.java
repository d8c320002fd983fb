package io.iiikafka.gateway.config;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProcessConfigTest {

    @Test
    void shouldHaveDefaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(Load.defaults().process())
                .isEqualTo(new ProcessConfig(
                        EnumSet.allOf(Role.class),
                        Path.of("data"),
                        "127.0.0.1",
                        Math.clamp(processors, 1, 4),
                        Math.clamp(processors / 2, 1, 4),
                        Math.clamp(processors / 2, 1, 4)));
    }

    @Test
    void shouldMapEachSetting() {
        assertThat(Load.yaml("""
                        kafka: {bootstrap.servers: "k:9092"}
                        roles: [gateway, router, keeper]
                        data_directory: /var/lib/iii
                        advertised_host: node-1
                        threads: {event_loops: 5, router: 6, keeper: 7}
                        """).config().process())
                .isEqualTo(new ProcessConfig(
                        Set.of(Role.GATEWAY, Role.ROUTER, Role.KEEPER), Path.of("/var/lib/iii"), "node-1", 5, 6, 7));
        assertThat(Load.environment("III_DATA", "d").process().dataDirectory()).isEqualTo(Path.of("d"));
    }

    @Test
    void shouldDropBrokerWhenClusterExists() {
        assertThat(Load.settings("kafka.bootstrap.servers", "k:9092").process().roles())
                .containsExactlyInAnyOrder(Role.GATEWAY, Role.ROUTER, Role.KEEPER);
    }

    @Test
    void shouldRefuseRolesThatContradictCluster() {
        assertThatThrownBy(() -> Load.settings("roles", "gateway"))
                .hasMessage("command line: roles lacks 'broker', so kafka.bootstrap.servers (--kafka HOST:PORT) must"
                        + " name a cluster");
        assertThatThrownBy(() -> Load.settings("roles", "broker,router", "kafka.bootstrap.servers", "k:1"))
                .hasMessageContaining("names an existing cluster");
        assertThatThrownBy(() -> Load.settings("roles", "gatway"))
                .hasMessageContaining("roles must be broker, gateway, router, keeper, not 'gatway'");
    }
}
