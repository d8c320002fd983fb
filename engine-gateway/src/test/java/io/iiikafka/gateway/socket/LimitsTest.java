package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Nothing is unbounded, and each bound says so when it is reached (spec: protocol.md 1.2, 1.4, 5.6). */
class LimitsTest {

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(new SocketSettings(
                2 * 1024 * 1024,
                1024 * 1024,
                100_000,
                4L * 1024 * 1024,
                5,
                10,
                20,
                300_000,
                Duration.ofSeconds(2),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10)));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void shouldRefuseCallsThatWaitForRegistrationsWhenTheyTakeTooMuch() {
        String large = "\"" + "x".repeat(900 * 1024) + "\"";
        try (RawWorker worker = engine.connect().register("waiting::f")) {
            String first = worker.start("waiting::f", large);
            worker.start("waiting::f", large);
            String last = worker.start("waiting::f", large);

            assertThat(worker.awaitResult(last).at("/error/code").textValue()).isEqualTo("overloaded");
            worker.announce("waiting");
            worker.answer(worker.next("invokefunction"), "1");
            assertThat(worker.awaitResult(first).get("result").intValue()).isEqualTo(1);
        }
    }

    @Test
    void shouldLogAVoidCallThatIsRefusedBehindWaitingRegistrations() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.iiikafka.gateway.invocation.LostVoidCalls");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(logged);
        String large = "\"" + "x".repeat(900 * 1024) + "\"";
        try (RawWorker worker = engine.connect().register("waiting::g")) {
            worker.start("waiting::g", large);
            worker.start("waiting::g", large, ",\"action\":{\"type\":\"void\"}");
            String lost = worker.start("waiting::g", large, ",\"action\":{\"type\":\"void\"}");

            assertThat(worker.awaitResult(lost).at("/error/code").textValue()).isEqualTo("overloaded");
            assertThat(List.copyOf(logged.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(message -> message.startsWith("A void call was lost: Calls that wait for this worker's"));
        } finally {
            logger.detachAppender(logged);
            logger.setLevel(null);
        }
    }

    @Test
    void shouldRefuseCallsBeyondWhatAWorkerMayHaveInFlight() {
        try (RawWorker callee = engine.worker("busy").serve("busy::f");
                RawWorker caller = engine.worker("caller")) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                ids.add(caller.start("busy::f", "1"));
            }

            JsonNode refused = caller.next("invocationresult");
            assertThat(refused.get("error").get("code").textValue()).isEqualTo("overloaded");
            for (int i = 0; i < 5; i++) {
                callee.answer(callee.next("invokefunction"), "2");
            }
            for (int i = 0; i < 5; i++) {
                assertThat(caller.next("invocationresult").get("result").intValue()).isEqualTo(2);
            }
            String next = caller.start("busy::f", "1");
            callee.answer(callee.next("invokefunction"), "3");
            assertThat(caller.awaitResult(next).get("result").intValue()).isEqualTo(3);
        }
    }

    @Test
    void shouldEndACallThatIsNeverAnsweredAtItsCeiling() {
        try (RawWorker callee = engine.worker("silent").serve("silent::f");
                RawWorker caller = engine.worker("caller")) {
            String id = caller.start("silent::f", "1");
            callee.next("invokefunction");

            JsonNode result = caller.awaitResult(id);
            assertThat(result.get("error").get("code").textValue()).isEqualTo("invocation_timeout");
        }
    }

    @Test
    void shouldDisconnectAWorkerThatDoesNotReadAndAnswerItsCalls() throws Exception {
        String text = "x".repeat(900_000);
        try (RawSocket deaf = RawSocket.upgrade(engine.gateway().port(), "/");
                RawWorker caller = engine.worker("caller")) {
            deaf.write(masked("{\"type\":\"registerfunction\",\"id\":\"deaf::f\"}"));
            deaf.write(masked("{\"type\":\"invokefunction\",\"function_id\":\"engine::workers::register\","
                    + "\"data\":{\"name\":\"deaf\"},\"action\":{\"type\":\"void\"}}"));
            Awaitility.await().until(() -> caller.call("engine::functions::info", "{\"function_id\":\"deaf::f\"}")
                    .has("result"));
            List<String> codes = new ArrayList<>();
            for (int round = 0; round < 40 && !codes.contains("invocation_stopped"); round++) {
                for (int i = 0; i < 5; i++) {
                    caller.start("deaf::f", "\"" + text + "\"");
                }
                for (int i = 0; i < 5; i++) {
                    codes.add(caller.next("invocationresult").path("error").path("code").asText());
                }
            }
            assertThat(codes).contains("invocation_stopped");
            Awaitility.await().until(() -> caller.call("engine::functions::info", "{\"function_id\":\"deaf::f\"}")
                    .has("error"));
        }
    }

    private static byte[] masked(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if (payload.length < 126) {
            return RawSocket.frame(0x81, true, payload);
        }
        byte[] frame = new byte[payload.length + 8];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | 126);
        frame[2] = (byte) (payload.length >> 8);
        frame[3] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 8, payload.length);
        return frame;
    }

    @Test
    void shouldCutAConnectionFromWhichNothingComesAnyMore() throws Exception {
        try (RawSocket silent = RawSocket.upgrade(engine.gateway().port(), "/")) {
            long before = System.nanoTime();
            silent.readToEnd();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldNotCutAConnectionWhoseMessageComesInSlowly() throws Exception {
        byte[] message = masked(" ".repeat(20) + "{\"type\":\"ping\"}");
        try (RawSocket slow = RawSocket.upgrade(engine.gateway().port(), "/")) {
            for (int i = 0; i < 15; i++) { // at the tenth ping after the last whole frame it would be cut
                awaitFrame(slow, 0x89);
                slow.write(new byte[] {message[i]});
            }
            slow.write(Arrays.copyOfRange(message, 15, message.length));

            assertThat(awaitFrame(slow, 0x81)).contains("pong");
        }
    }

    /** Skips frames until one has that first byte, and the greeting. */
    private static String awaitFrame(RawSocket socket, int head) throws Exception {
        DataInputStream in = new DataInputStream(socket.input());
        while (true) {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
            String text = new String(payload, StandardCharsets.UTF_8);
            if (first == head && !text.contains("workerregistered")) {
                return text;
            }
        }
    }

    @Test
    void shouldCloseAConnectionThatSendsNoRequest() throws Exception {
        try (RawSocket slow = RawSocket.connect(engine.gateway().port())) {
            slow.write("GET / HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(slow.readToEnd()).isEmpty();
        }
    }

    @Test
    void shouldAnswerOtherPathsAndPlainRequestsInPlainHttp() throws Exception {
        assertThat(status("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")).contains("404");
        assertThat(status("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).contains("400");
        assertThat(status("GET /otel HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
                .contains("400");
    }

    private static String status(String request) throws Exception {
        try (RawSocket socket = RawSocket.connect(engine.gateway().port())) {
            socket.write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.readLine();
        }
    }

    @Test
    void shouldTakeTelemetryOnItsOwnSocketWithoutMakingAWorkerOfIt() throws Exception {
        try (RawWorker caller = engine.worker("caller");
                RawSocket telemetry = RawSocket.upgrade(engine.gateway().port(), "/otel")) {
            int before = caller.call("engine::workers::list", "{}").get("result").get("workers").size();
            telemetry.write(RawSocket.frame(0x82, true, "OTLP{}".getBytes(StandardCharsets.UTF_8)));
            telemetry.write(RawSocket.frame(0x81, true, "text".getBytes(StandardCharsets.UTF_8)));

            assertThat(caller.call("engine::workers::list", "{}").get("result").get("workers")).hasSize(before);
        }
    }

    @Test
    void shouldRefuseRegistrationsThatAreTooLargeToBeKept() {
        String large = "x".repeat(100_000);
        try (RawWorker worker = engine.worker("wordy")) {
            worker.send("{\"type\":\"registerfunction\",\"id\":\"wordy::f\",\"description\":\"" + large + "\"}")
                    .send("{\"type\":\"registertriggertype\",\"id\":\"wordy\",\"description\":\"" + large + "\"}")
                    .send("{\"type\":\"registertrigger\",\"id\":\"wordy-t\",\"trigger_type\":\"http\",\"function_id\":\"f\","
                            + "\"config\":{\"api_path\":\"/wordy\",\"description\":\"" + large + "\"}}");

            JsonNode refused = worker.next("triggerregistrationresult").get("error");
            assertThat(refused.get("code").textValue()).isEqualTo("trigger_registration_failed");
            assertThat(refused.get("message").textValue()).contains("100000").contains("limits.max_registration");
            for (String function : new String[] {"engine::register_trigger", "engine::workers::register"}) {
                JsonNode error = worker.call(
                                function,
                                "{\"trigger_type\":\"http\",\"function_id\":\"f\",\"name\":\"wordy\",\"os\":\"" + large + "\"}")
                        .get("error");
                assertThat(error.get("code").textValue()).as(function).isEqualTo("payload_too_large");
            }
            JsonNode info = worker.call("engine::workers::info", "{\"name\":\"wordy\"}").get("result");
            assertThat(info.get("functions")).isEmpty();
            assertThat(info.get("trigger_types")).isEmpty();
        }
    }

    @Test
    void shouldDisconnectAWorkerThatRegistersTooMuchBeforeItAnnouncesItself() {
        RawWorker hasty = engine.connect();
        String text = "x".repeat(90_000);
        for (int i = 0; i < 30 && hasty.isOpen(); i++) {
            hasty.send("{\"type\":\"registerfunction\",\"id\":\"hasty::f" + i + "\",\"description\":\"" + text + "\"}");
        }

        assertThat(hasty.closeCode()).isEqualTo(1012);
    }

    @Test
    void shouldRefuseFunctionsBeyondTheLimit() {
        try (RawWorker greedy = engine.worker("greedy")) {
            for (int i = 0; i < 15; i++) {
                greedy.register("greedy::f" + i);
            }
            JsonNode info = greedy.call("engine::workers::info", "{\"name\":\"greedy\"}").get("result");

            assertThat(info.get("worker").get("function_count").intValue()).isEqualTo(10);
        }
    }

    @Test
    void shouldRefuseRegistrationsBeyondTheLimitOfAllKindsUntilOthersAreGone() {
        try (RawWorker greedy = engine.worker("collector")) {
            greedy.register("collector::f").send("{\"type\":\"registerservice\",\"id\":\"collector\"}");
            for (int i = 0; i < 18; i++) {
                greedy.send(trigger("many-" + i, ""));
            }
            greedy.send("{\"type\":\"registertriggertype\",\"id\":\"collected\",\"description\":\"\"}");
            greedy.send(trigger("many-17", "again")).send(trigger("one-more", ""));

            JsonNode refused = greedy.next("triggerregistrationresult");
            assertThat(refused.get("id").textValue()).isEqualTo("one-more");
            assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
            assertThat(refused.at("/error/message").textValue())
                    .contains("20 registrations").contains("limits.registrations_per_worker");
            JsonNode info = greedy.call("engine::workers::info", "{\"name\":\"collector\"}").get("result");
            assertThat(info.get("trigger_types")).isEmpty();

            greedy.send("{\"type\":\"unregistertrigger\",\"id\":\"many-3\"}").send(trigger("one-more", ""));
            assertThat(greedy.call("engine::registered-triggers::info", "{\"id\":\"one-more\"}").has("result")).isTrue();
        }
    }

    @Test
    void shouldRefuseRegistrationsThatTakeTooMuchTogether() {
        String text = "x".repeat(90_000);
        try (RawWorker wordy = engine.worker("archive")) {
            for (int i = 0; i < 3; i++) {
                wordy.send(trigger("archive-" + i, text));
            }
            wordy.send(trigger("archive-2", text)).send(trigger("archive-3", text));

            JsonNode refused = wordy.next("triggerregistrationresult");
            assertThat(refused.get("id").textValue()).isEqualTo("archive-3");
            assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
            assertThat(refused.at("/error/message").textValue())
                    .contains("300000").contains("limits.registered_bytes_per_worker");
        }
    }

    private static String trigger(String id, String description) {
        return "{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"http\",\"function_id\":\"f\","
                + "\"config\":{\"api_path\":\"/" + id + "\",\"description\":\"" + description + "\"}}";
    }

    /** A worker in Python comes back only after a code that says that something was wrong (spec: protocol.md 1.6). */
    @ParameterizedTest
    @CsvSource({
        "a frame larger than the limit, 81FF000000000040000000000000, 1009",
        "fragments larger together than the limit, 01FF000000000018000000000000, 1009",
        "reserved bits, F18000000000, 1002",
        "reserved opcode, 838000000000, 1002",
        "not masked, 8100, 1002",
        "telemetry larger than the limit, 82FF000000000040000000000000, 1009",
        "telemetry not masked, 8200, 1002"
    })
    void shouldSayWithACloseCodeWhatIsWrongWithAFrame(String what, String head, int code) throws Exception {
        String path = what.startsWith("telemetry") ? "/otel" : "/";
        try (RawSocket peer = RawSocket.upgrade(engine.gateway().port(), path)) {
            peer.write(HexFormat.of().parseHex(head));
            if (what.startsWith("fragments")) {
                byte[] rest = new byte[0x18_0000];
                peer.write(rest);
                peer.write(HexFormat.of().parseHex("80FF000000000018000000000000"));
                peer.write(rest);
            }

            assertThat(closeCode(peer.readToEnd())).as(what).isEqualTo(code);
        }
    }

    /** Of the first close frame among the frames that the engine sent. */
    private static int closeCode(byte[] frames) {
        ByteBuffer in = ByteBuffer.wrap(frames);
        while (in.remaining() > 1) {
            int opcode = in.get() & 0x0F;
            int length = in.get() & 0x7F;
            if (length == 126) {
                length = in.getShort() & 0xFFFF;
            }
            if (opcode == 8) {
                return length < 2 ? 1005 : in.getShort() & 0xFFFF;
            }
            in.position(in.position() + length);
        }
        return 1006;
    }
}
