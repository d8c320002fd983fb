package io.iiikafka.gateway;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EngineTest {

    @TempDir
    Path directory;

    @Test
    void shouldStartEverythingInOneProcessAndAgainOnTheSameData() throws Exception {
        for (int start = 1; start <= 2; start++) {
            try (Engine engine = Engine.start(config(Map.of()))) {
                Endpoints endpoints = engine.endpoints();
                assertThat(status(endpoints, "/health/ready")).isEqualTo(200);
                assertThat(RawWorker.connect("ws://127.0.0.1:" + endpoints.workers().getFirst()))
                        .isNotNull();
            }
        }
    }

    @Test
    void shouldSplitRolesOverProcessesOfOneCluster() throws Exception {
        Map<String, String> shared = Map.of(
                "kafka.bootstrap.servers", TestBroker.bootstrapServers(), "topics.prefix", TestBroker.freshPrefix());
        try (Engine router = Engine.start(config(shared, "roles", "router", "data_directory", "router"));
                Engine gateway = Engine.start(config(shared, "roles", "gateway", "data_directory", "gateway"))) {
            assertThat(router.endpoints().workers()).isEmpty();
            assertThat(gateway.endpoints().workers()).hasSize(1);
            assertThat(status(router.endpoints(), "/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void shouldNameAddressInUseAndLeaveNothingRunning() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Engine.start(config(Map.of("listener.port", Integer.toString(port)))))
                    .isInstanceOf(StartupException.class)
                    .hasMessage("address 0.0.0.0:" + port + " is already in use (workers, --port)");
        }
        Engine.start(config(Map.of())).close();
    }

    @Test
    void shouldRefuseOneAddressForTwoUses() {
        String port = Integer.toString(TestPort.next());

        assertThatThrownBy(() -> Engine.start(config(Map.of("listener.port", port, "http.port", port))))
                .isInstanceOf(StartupException.class)
                .hasMessage("address 127.0.0.1:" + port
                        + " is already in use by this engine itself (workers, --port) (REST, --http-port)");
        assertThatThrownBy(() -> Engine.start(config(Map.of("listener.port", port, "broker.port", port))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("by this engine itself (embedded Kafka, --broker-port)");
    }

    @Test
    void shouldRefuseTopicsThatLackWhenOnlyChecking() {
        Map<String, String> checking = Map.of(
                "kafka.bootstrap.servers", TestBroker.bootstrapServers(),
                "topics.prefix", TestBroker.freshPrefix(),
                "topics.provision", "check");

        assertThatThrownBy(() -> Engine.start(config(checking)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("does not exist (remedy: iii topics --create)");
    }

    @Test
    void shouldRefuseWrongClientProperty() {
        Map<String, String> wrong = Map.of(
                "kafka.bootstrap.servers", TestBroker.bootstrapServers(), "kafka.security.protocol", "NONE");

        assertThatThrownBy(() -> Engine.start(config(wrong)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the properties of Kafka clients are wrong")
                .hasMessageContaining("security.protocol");
    }

    private EngineConfig config(Map<String, String> settings, String... more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "data_directory", "engine",
                "listener.port", "0",
                "http.port", "0",
                "stream.port", "0",
                "admin.port", "0",
                "broker.port", "0",
                "topics.partitions", "2",
                "topics.slots", "2"));
        all.putAll(settings);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        all.compute("data_directory", (key, name) -> directory.resolve(name).toString());
        return EngineConfig.of(all);
    }

    private static int status(Endpoints endpoints, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + endpoints.admin() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
