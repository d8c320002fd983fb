package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may open a stream socket and join (spec: stream.md 5.2, 6.2, 13.7 to 13.9, 14.12 to 14.17, 14.28, 14.40, 14.41). */
class StreamAdmissionTest {

    private static final Duration QUIET = Duration.ofMillis(200);

    private static TestEngine engine;
    private static TestGateway open;
    private static TestGateway closed;
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        open = engine.addGateway(settings("auth-open", false, false));
        closed = engine.addGateway(settings("auth-closed", true, true));
        worker = engine.worker(engine.gateway(), "admission");
    }

    private static StreamSocketSettings settings(String auth, boolean required, boolean failClosed) {
        return new StreamSocketSettings(
                "127.0.0.1",
                0,
                Optional.of(auth),
                required,
                Duration.ofSeconds(4),
                Duration.ofSeconds(3),
                failClosed,
                required ? List.of("https://a.example") : List.of(),
                false,
                required ? OptionalInt.of(2) : OptionalInt.empty(),
                2,
                256,
                Duration.ofMillis(500),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(60));
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private void trigger(String type, String function, String config) {
        worker.serve(function);
        worker.send("{\"type\":\"registertrigger\",\"id\":\"" + UUID.randomUUID() + "\",\"trigger_type\":\"" + type
                + "\",\"function_id\":\"" + function + "\",\"config\":" + config + "}");
        worker.call("engine::registered-triggers::list", "{}"); // it has been read when this is answered
    }

    private String onStream() {
        return "{\"stream_name\":\"" + stream + "\"}";
    }

    private static JsonNode called(String function, String answer) {
        JsonNode call = worker.next(frame -> "invokefunction".equals(frame.path("type").textValue())
                && function.equals(frame.path("function_id").textValue()));
        if (answer != null) {
            worker.answer(call, answer);
        }
        return call.get("data");
    }

    private static StreamPeer peer(TestGateway gateway) {
        return StreamPeer.connect(gateway.streams().port(), "/");
    }

    private static StreamPeer connect(String path, String auth, String answer) {
        RawWorker own = engine.worker(engine.gateway(), "auth-" + UUID.randomUUID()).serve(auth);
        Thread answering = Thread.ofVirtual().start(() -> own.answer(own.next("invokefunction"), answer));
        try {
            TestGateway gateway = auth.equals("auth-open") ? open : closed;
            return StreamPeer.connect(gateway.streams().port(), path);
        } finally {
            join(answering);
            own.close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldTellTheAuthFunctionExactlyWhatWasAskedAndHandItsContextToTriggers() throws IOException {
        String function = "on-join-" + stream;
        trigger("stream:join", function, onStream());
        RawWorker auth = engine.worker(engine.gateway(), "auth-" + stream).serve("auth-open");
        try (RawSocket socket = RawSocket.connect(open.streams().port())) {
            socket.write(("GET /?a=1&a=2&b&=x&c=%20 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "X-Twice: one\r\nX-Twice: two\r\nX-Odd: \u00e4\r\n"
                            + "Sec-WebSocket-Protocol: Authorization, abc\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            JsonNode call = auth.next("invokefunction");
            JsonNode data = call.get("data");
            assertThat(data.get("path").textValue()).isEqualTo("/");
            assertThat(data.get("query_params").toString()).isEqualTo("{\"a\":[\"1\",\"2\"],\"b\":[\"\"],\"c\":[\"%20\"]}");
            assertThat(data.get("addr").textValue()).startsWith("127.0.0.1:");
            assertThat(data.at("/headers/x-twice").textValue()).isEqualTo("two");
            assertThat(data.at("/headers/sec-websocket-protocol").textValue()).isEqualTo("Authorization, abc");
            assertThat(data.at("/headers").has("x-odd")).isFalse();
            assertThat(data.size()).isEqualTo(4);
            auth.answer(call, "{\"context\":{\"user\":1},\"more\":2}");
            assertThat(socket.readLine()).contains("101");
        } finally {
            auth.close();
        }
        try (StreamPeer peer = connect("/", "auth-open", "{\"context\":{\"user\":1}}")) {
            peer.join("x", stream, "g", null);
            assertThat(called(function, "null").toString())
                    .isEqualTo("{\"subscription_id\":\"x\",\"stream_name\":\"" + stream
                            + "\",\"group_id\":\"g\",\"id\":null,\"context\":{\"user\":1}}");
            assertThat(peer.nextEvent()).isEqualTo("sync []");
        }
    }

    @Test
    void shouldLetEverybodyInWhoseAuthFunctionFailsUnlessItIsRequired() throws Exception {
        try (StreamPeer peer = peer(open)) { // nobody serves it
            assertThat(peer.join("1", stream, "g", null).nextEvent()).isEqualTo("sync []");
        }
        assertThat(status(closed, "/", null)).isEqualTo(401);
        assertThat(status(closed, "/", "https://b.example")).isEqualTo(403);
        assertThat(status(open, "/elsewhere", null)).isEqualTo(404);
        assertThat(status(open, "/stream/only", null)).isEqualTo(400);
        try (StreamPeer peer = connect("/", "auth-closed", "{}")) {
            peer.join("1", stream, "g", null);
            assertThat(peer.nextEvent()).as("no trigger admits it").isEqualTo("unauthorized");
        }
    }

    @Test
    void shouldRefuseAConnectionWithTheStatusThatTheAuthFunctionChooses() throws Exception {
        try (RawWorker auth = engine.worker(engine.gateway(), "choosing-" + stream)) {
            auth.serve("auth-closed");
            Thread answering = Thread.ofVirtual().start(() -> auth.answer(
                    auth.next("invokefunction"), "{\"unauthorized\":true,\"status\":429,\"message\":\"later\"}"));
            assertThat(status(closed, "/", "https://a.example")).isEqualTo(429);
            join(answering);
        }
    }

    @Test
    void shouldNotWaitForAnAuthFunctionThatHangs() throws Exception {
        String function = "on-join-" + stream;
        trigger("stream:join", function, onStream());
        try (RawWorker hanging = engine.worker(engine.gateway(), "hanging-" + stream)) {
            hanging.serve("auth-open").serve("auth-closed");
            try (StreamPeer peer = peer(open)) {
                peer.join("x", stream, "g", null);
                assertThat(called(function, "null").get("context").isNull()).isTrue();
            }
            assertThat(status(closed, "/", "https://a.example")).isEqualTo(401);
            assertThat(hanging.next("invokefunction").get("function_id").textValue()).isEqualTo("auth-open");
            assertThat(hanging.next("invokefunction").get("function_id").textValue()).isEqualTo("auth-closed");
        }
    }

    private static int status(TestGateway gateway, String path, String origin) throws Exception {
        try (RawSocket socket = RawSocket.connect(gateway.streams().port())) {
            socket.write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + (origin == null ? "" : "Origin: " + origin + "\r\n")
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(socket.readLine().split(" ")[1]);
        }
    }

    @Test
    void shouldAnswerPlainHttpWithAnError() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + engine.gateway().streams().port() + "/");
            assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void shouldRefuseAJoinAndKeepTheConnection() {
        String one = "one-" + stream;
        String two = "two-" + stream;
        trigger("stream:join", one, onStream());
        trigger("stream:join", two, onStream());
        trigger("stream:join", "elsewhere-" + stream, "{\"stream_name\":\"another\"}");
        try (StreamPeer peer = peer(engine.gateway())) {
            peer.join("1", stream, "g", "i");
            called(one, "{\"unauthorized\":true}");
            called(two, "{\"unauthorized\":false}");
            JsonNode refused = peer.next();
            assertThat(refused.get("event").toString()).isEqualTo("{\"type\":\"unauthorized\"}");
            assertThat(refused.get("id").textValue()).isEqualTo("i");

            for (String answer : List.of("null", "{}", "{\"unauthorized\":\"yes\"}", "{\"unauthorized\":1}")) {
                peer.join("1", stream, "g", null);
                called(one, answer);
                called(two, "7");
                assertThat(peer.nextEvent()).isEqualTo("sync []");
            }
            assertThat(worker.silentAbout("invokefunction", QUIET)).isTrue();
        }
    }

    @Test
    void shouldCallLeaveTriggersForLeavesAndForWhatIsLeftAtTheEnd() {
        String function = "on-leave-" + stream;
        trigger("stream:leave", function, onStream());
        StreamPeer peer = peer(engine.gateway());
        peer.join("1", stream, "g", null).join("2", stream, "g", "i").join("3", stream, "h", null).next(3);
        peer.leave("unknown", stream, "x", "y");
        assertThat(called(function, "null").toString())
                .isEqualTo("{\"subscription_id\":\"unknown\",\"stream_name\":\"" + stream
                        + "\",\"group_id\":\"x\",\"id\":\"y\",\"context\":null}");
        peer.leave("1", stream, "g", null);
        assertThat(called(function, "null").get("subscription_id").textValue()).isEqualTo("1");

        peer.cut();

        assertThat(List.of(called(function, "null"), called(function, "null")))
                .extracting(data -> data.get("subscription_id").textValue() + data.get("id"))
                .containsExactlyInAnyOrder("2\"i\"", "3null");
        assertThat(worker.silentAbout("invokefunction", QUIET)).isTrue();
    }

    @Test
    void shouldSubscribeByUrlAndCloseWhenThatIsRefused() {
        String function = "url-" + stream;
        trigger("stream:join", function, onStream());
        int port = engine.gateway().streams().port();
        try (StreamPeer peer = StreamPeer.connect(port, "/stream/" + stream + "/a%2Fb/i+%20")) {
            JsonNode data = called(function, "null");
            assertThat(data.get("group_id").textValue()).isEqualTo("a/b");
            assertThat(data.get("id").textValue()).isEqualTo("i+ ");
            assertThat(peer.nextEvent()).isEqualTo("sync null");
            peer.join("more", "x" + stream, "g", null);
            assertThat(peer.nextEvent()).isEqualTo("sync []");
        }
        try (StreamPeer peer = StreamPeer.connect(port, "/ws/streams/" + stream + "/g/")) {
            called(function, "{\"unauthorized\":true}");
            assertThat(peer.nextEvent()).isEqualTo("unauthorized");
            assertThat(peer.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void shouldRefuseMoreSubscriptionsThanAllowed() {
        try (StreamPeer peer = peer(open)) {
            peer.join("1", stream, "g", null).join("2", stream, "g", null).next(2);
            peer.join("3", stream, "g", null);
            assertThat(peer.next().at("/event/code").textValue()).isEqualTo("TOO_MANY_SUBSCRIPTIONS");
            peer.join("2", stream, "h", null);
            assertThat(peer.nextEvent()).isEqualTo("sync []");
        }
    }

    @Test
    void shouldFindConnectionsThatAreDeadByPings() throws IOException {
        String function = "dead-" + stream;
        trigger("stream:leave", function, onStream());
        try (RawSocket dead = RawSocket.upgrade(open.streams().port(), "/")) {
            byte[] join = ("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"" + stream
                            + "\",\"groupId\":\"g\"}}")
                    .getBytes(StandardCharsets.US_ASCII);
            dead.write(RawSocket.frame(0x81, true, join));
            assertThat(called(function, "null").get("subscription_id").textValue()).isEqualTo("1");
        }
        try (StreamPeer alive = peer(open)) { // answers pings
            alive.join("1", "x" + stream, "g", null).next();
            assertThat(alive.silent(Duration.ofSeconds(3))).isTrue();
            assertThat(alive.join("1", "x" + stream, "g", null).nextEvent()).isEqualTo("sync []");
        }
    }

    @Test
    void shouldTellWhoLeftWhenItsGatewayStops() {
        String function = "stop-" + stream;
        trigger("stream:leave", function, onStream());
        TestGateway stopping = engine.addGateway();
        StreamPeer peer = peer(stopping);
        peer.join("1", stream, "g", null).next();

        stopping.streams().close();

        assertThat(called(function, "null").get("subscription_id").textValue()).isEqualTo("1");
        assertThat(peer.closeCode()).isEqualTo(1012);
        worker.call("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
    }

    @Test
    void shouldShowNoMoreThanTheFilterOfAJoinTrigger() {
        String function = "filter-" + stream;
        trigger("stream:join", function, onStream());
        String mine = "{\"unauthorized\":false,\"filter\":\"owner == 'ada'\"}";
        for (String owner : List.of("ada", "bob")) {
            write("set", ",\"item_id\":\"" + owner + "\",\"data\":{\"owner\":\"" + owner + "\"}");
        }
        try (StreamPeer peer = peer(engine.gateway())) {
            peer.join("plain", stream, "g", null);
            called(function, mine);
            assertThat(peer.nextEvent()).isEqualTo("sync [{\"owner\":\"ada\"}]");
            peer.joinWith("log", stream, "g", "\"from\":\"earliest\"");
            called(function, mine);
            assertThat(peer.nextEvent()).isEqualTo("create {\"owner\":\"ada\"}");
            assertThat(peer.nextEvent()).isEqualTo("caught_up");
            peer.join("item", stream, "g", "bob");
            called(function, mine);
            assertThat(peer.nextEvent()).isEqualTo("sync null");

            write("set", ",\"item_id\":\"bob\",\"data\":{\"owner\":\"bob\",\"n\":1}");
            write("send", ",\"type\":\"t\",\"data\":{\"owner\":\"bob\"}");
            write("send", ",\"type\":\"t\",\"data\":{\"owner\":\"ada\"}");
            write("delete", ",\"item_id\":\"ada\"");
            assertThat(peer.next(4)).extracting(frame -> frame.at("/event/type").textValue())
                    .containsExactlyInAnyOrder("event", "event", "delete", "delete");
            assertThat(peer.silent(Duration.ofMillis(200))).isTrue();

            peer.join("bad", stream, "g", null);
            called(function, "{\"unauthorized\":false,\"filter\":\"owner ==\"}");
            assertThat(peer.nextEvent()).isEqualTo("unauthorized");
        }
    }

    private void write(String function, String members) {
        JsonNode reply = worker.call(
                "stream::" + function, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}");
        assertThat(reply.has("error")).as("%s", reply).isFalse();
    }
}
