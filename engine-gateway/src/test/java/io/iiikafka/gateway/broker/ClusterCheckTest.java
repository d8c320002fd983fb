package io.iiikafka.gateway.broker;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.StartupException;
import io.iiikafka.gateway.testing.TestBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClusterCheckTest {

    @Test
    void shouldTakeRunningBroker() throws Exception {
        ClusterCheck.requireListening("127.0.0.1:1," + TestBroker.bootstrapServers());
        try (Admin admin = TestBroker.admin()) {
            ClusterCheck.requireUsable(admin, TestBroker.bootstrapServers());
            Map<String, SupportedVersionRange> features =
                    admin.describeFeatures().featureMetadata().get(10, TimeUnit.SECONDS).supportedFeatures();
            assertThatCode(() -> ClusterCheck.requireVersion(features, "k:1")).doesNotThrowAnyException();
        }
    }

    @Test
    void shouldRefuseOldCluster() {
        assertThatThrownBy(() -> ClusterCheck.requireVersion(
                        Map.of("metadata.version", new SupportedVersionRange((short) 1, (short) 21)), "k:9092"))
                .isInstanceOf(StartupException.class)
                .hasMessage("Kafka at k:9092 is older than 4.0, the oldest that is supported");
        assertThatThrownBy(() -> ClusterCheck.requireVersion(Map.of(), "k:9092"))
                .hasMessageContaining("older than 4.0");
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        assertThatThrownBy(() -> ClusterCheck.requireListening("broker"))
                .hasMessage("'broker' is not HOST:PORT (kafka.bootstrap.servers, --kafka)");
    }
}
