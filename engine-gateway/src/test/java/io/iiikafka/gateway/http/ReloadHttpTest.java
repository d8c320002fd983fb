package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.CorsHttpTest.allowed;
import static io.iiikafka.gateway.http.CorsHttpTest.cors;
import static io.iiikafka.gateway.http.MiddlewareHttpTest.global;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.iiikafka.gateway.testing.TestPort;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other settings while requests are at work (spec: http.md 18). */
class ReloadHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    @BeforeEach
    void serve() {
        http.echo("POST", "/guarded/:id", "handler", "");
    }

    @Test
    void shouldMoveToAnotherPortAndLetRunningRequestsFinish() {
        Promise<Outcome> release = Promise.promise();
        http.functions.put("slow", call -> release.future());
        http.route("GET", "/slow", "slow");
        CompletableFuture<HttpResponse<String>> running = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
        Awaitility.await().until(() -> !http.functions.calls("slow").isEmpty());
        int before = http.room.port();

        http.configure(settings -> settings.port = TestPort.next());

        assertThat(http.room.port()).isNotEqualTo(before);
        assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
        release.complete(new Outcome.Success(RawJson.of("\"done\"")));
        assertThat(running.join().body()).isEqualTo("\"done\"");
        Awaitility.await().untilAsserted(() ->
                assertThat(isOpen(before)).isFalse());
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void shouldCloseIdleConnectionsOfThePortThatItLeaves() throws IOException {
        try (Socket idle = new Socket("127.0.0.1", http.room.port())) {
            idle.setSoTimeout(10_000);
            idle.getOutputStream().write("GET /nowhere HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            assertThat((char) idle.getInputStream().read()).isEqualTo('H');

            http.configure(settings -> settings.port = TestPort.next());

            assertThat(new String(idle.getInputStream().readAllBytes())).endsWith("}}");
        }
    }

    @Test
    void shouldFinishARequestByTheRulesItBeganWith() {
        Promise<Outcome> release = Promise.promise();
        http.functions.put("handler", call -> release.future());
        CompletableFuture<HttpResponse<String>> running = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/guarded/1"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Awaitility.await().until(() -> !http.functions.calls("handler").isEmpty());

        http.configure(settings -> {
            settings.cors = Optional.of(cors(List.of("http://a")));
            settings.timeout = Duration.ofMillis(1);
            settings.middleware = List.of(global("global", "preHandler", 0));
        });
        http.functions.answer("global", "{\"action\":\"respond\",\"response\":{\"status_code\":401}}");

        assertThat(http.send("/guarded/1", request -> request.POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isIn(401, 504);
        release.complete(new Outcome.Success(RawJson.of("1")));
        assertThat(running.join().statusCode()).isEqualTo(200);
        assertThat(allowed(running.join())).isEqualTo("*");
    }

    @Test
    void shouldStayWhereItIsWhenTheNewPortIsTaken() throws Exception {
        int before = http.room.port();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var moved = http.room.reconfigure(http.changed(settings -> {
                settings.port = taken.getLocalPort();
                settings.cors = Optional.of(cors(List.of("http://x")));
            }));
            Awaitility.await().until(moved::isComplete);
            assertThat(moved.cause())
                    .hasMessage("address 127.0.0.1:" + taken.getLocalPort() + " is already in use");
        }
        assertThat(http.room.port()).isEqualTo(before);
        assertThat(allowed(http.get("/nowhere"))).isEqualTo("*");
    }
}
