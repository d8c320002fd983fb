package io.iiikafka.gateway.admin;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.iiikafka.gateway.testing.TestBroker;
import io.vertx.core.Vertx;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AdminServerTest {

    private final Vertx vertx = Vertx.vertx();
    private final Readiness readiness = new Readiness();
    private final EngineMeters meters = new EngineMeters();
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void start() throws Exception {
        port = AdminServer.start(vertx, "127.0.0.1", 0, readiness, meters.registry())
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .port();
    }

    @AfterEach
    void stop() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        meters.close();
    }

    @Test
    void shouldBeReadyOnlyWhenEveryPartIs() throws Exception {
        AtomicReference<Optional<String>> router = new AtomicReference<>(Optional.of("the router is REBALANCING"));
        readiness.register("router", router::get);
        readiness.register("gateway", Optional::empty);

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body().strip())
                .isEqualTo("{\"status\":\"not_ready\",\"reasons\":{\"router\":\"the router is REBALANCING\"}}");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        router.set(Optional.empty());

        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body().strip()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void shouldNotBeReadyWhenCheckFails() throws Exception {
        readiness.register("broken", () -> {
            throw new IllegalStateException("no idea");
        });

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).contains("no idea");
    }

    @Test
    void shouldShowMetricsOfJvmAndKafkaClients() throws Exception {
        var properties = new HashMap<>(TestBroker.clientProperties());
        properties.putAll(meters.clientProperties());
        properties.put("client.id", "shown");

        try (Admin admin = Admin.create(properties)) {
            admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);

            assertThat(get("/metrics").body())
                    .contains("jvm_memory_used_bytes")
                    .containsPattern("kafka_admin_client_connection_count\\{client_id=\"shown\"} [1-9]");
        }
        assertThat(get("/metrics").body()).doesNotContain("client_id=\"shown\"");
    }

    @Test
    void shouldRefuseOtherPathsAndMethods() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(uri("/health/live"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
