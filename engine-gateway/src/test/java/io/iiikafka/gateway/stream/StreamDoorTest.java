package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of answers that are none, of join triggers that hang, and of one connection too many (spec: stream.md 6.2, 13.8). */
class StreamDoorTest {

    private static final String AUTH = "door-auth";

    @AutoClose
    private static TestEngine engine;

    private static TestGateway open;
    private static TestGateway closed;

    private final String stream = "s-" + UUID.randomUUID();
    private final String function = "on-join-" + stream;

    @AutoClose
    private final RawWorker worker = engine.worker("door-" + stream).serve(function);

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        open = engine.addGateway(settings(false));
        closed = engine.addGateway(settings(true));
    }

    private static StreamSocketSettings settings(boolean closes) {
        return new StreamSocketSettings(
                "127.0.0.1", 0, Optional.of(AUTH), closes, Duration.ofSeconds(10), Duration.ofSeconds(3), closes, List.of(),
                false, OptionalInt.of(2), 1000, 256, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    private void guard() {
        worker.trigger(UUID.randomUUID().toString(), "stream:join", function, "{\"stream_name\":\"" + stream + "\"}", "");
    }

    /** The status of the answer to a handshake whose auth function says so. */
    private static int status(TestGateway gateway, String answer) throws Exception {
        try (RawWorker auth = engine.worker("auth-" + UUID.randomUUID()).serve(AUTH);
                RawSocket socket = RawSocket.connect(gateway.streams().port())) {
            request(socket);
            auth.answer(auth.called(AUTH), answer);
            return status(socket);
        }
    }

    private static void request(RawSocket socket) throws IOException {
        socket.write(("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static int status(RawSocket socket) throws IOException {
        return Integer.parseInt(socket.readLine().split(" ")[1]);
    }

    private static StreamPeer enter(TestGateway gateway) {
        try (RawWorker auth = engine.worker("auth-" + UUID.randomUUID()).serve(AUTH)) {
            Thread answering = Thread.ofVirtual().start(() -> auth.answer(auth.called(AUTH), "{}"));
            StreamPeer peer = StreamPeer.connect(gateway.streams().port(), "/");
            answering.join();
            return peer;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[]", "\"yes\"", "{\"unauthorized\":true}", "{\"unauthorized\":true,\"status\":500}"})
    void shouldRefuseWhoseAuthFunctionDoesNotAdmitThem(String answer) throws Exception {
        assertThat(status(closed, answer)).isEqualTo(401);
    }

    @Test
    void shouldHeedARefusalAlsoWhereNobodyNeedsToBeAdmitted() throws Exception {
        assertThat(status(open, "{\"unauthorized\":true,\"status\":403}")).isEqualTo(403);
        for (String answer : List.of("null", "7", "{\"unauthorized\":\"true\"}", "{\"status\":403}")) {
            assertThat(status(open, answer)).as(answer).isEqualTo(101);
        }
    }

    @Test
    void shouldRefuseOneConnectionTooMany() throws Exception {
        try (StreamPeer one = enter(closed);
                StreamPeer two = enter(closed)) {
            try (RawSocket third = RawSocket.connect(closed.streams().port())) {
                request(third);
                assertThat(status(third)).isEqualTo(503);
            }
            assertThat(one.join("1", stream, "g", null).nextEvent()).isEqualTo("unauthorized");
            two.cut();
            Awaitility.await().until(() -> closed.meters().get("iii.stream.connections").gauge().value() < 2);
            assertThat(status(closed, "{}")).isEqualTo(101);
        }
    }

    @Test
    void shouldNotLetAHangingTriggerDecideUnlessItFailsClosed() {
        guard();
        try (StreamPeer peer = enter(open)) {
            peer.join("1", stream, "g", null);
            worker.called(function); // never answered
            assertThat(peer.nextEvent()).isEqualTo("sync []");
        }
        try (StreamPeer peer = enter(closed)) {
            peer.join("1", stream, "g", null);
            worker.called(function);
            JsonNode refused = peer.next();
            assertThat(refused.at("/event/type").textValue()).isEqualTo("unauthorized");
            assertThat(refused.get("timestamp").longValue()).isCloseTo(System.currentTimeMillis(), within(60_000L));
        }
    }

    @Test
    void shouldAdmitOnlyWhoIsAdmittedWhereItFailsClosed() {
        guard();
        try (StreamPeer peer = enter(closed)) {
            peer.join("1", stream, "g", null);
            worker.fail(worker.called(function), "no");
            assertThat(peer.nextEvent()).isEqualTo("unauthorized");
            for (String answer : List.of("null", "{}", "{\"unauthorized\":\"false\"}", "false")) {
                peer.join("1", stream, "g", null);
                worker.answer(worker.called(function), answer);
                assertThat(peer.nextEvent()).as(answer).isEqualTo("unauthorized");
            }
            peer.join("1", stream, "g", null);
            worker.answer(worker.called(function), "{\"unauthorized\":false}");
            assertThat(peer.nextEvent()).isEqualTo("sync []");
        }
    }

    @Test
    void shouldTakeAConditionThatFailsForARefusalWhereItFailsClosed() {
        String condition = "condition-" + stream;
        worker.serve(condition);
        worker.trigger(UUID.randomUUID().toString(), "stream:join", function,
                "{\"stream_name\":\"" + stream + "\",\"condition_function_id\":\"" + condition + "\"}", "");
        for (TestGateway gateway : List.of(open, closed)) {
            try (StreamPeer peer = enter(gateway)) {
                peer.join("1", stream, "g", null);
                worker.fail(worker.called(condition), "no");
                assertThat(peer.nextEvent()).isEqualTo(gateway == open ? "sync []" : "unauthorized");
            }
        }
    }
}
