package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More at once than may wait for a worker, or than memory holds (spec: protocol.md 5.6). */
class SlowReaderTest {

    private static final int CALLS = 100;
    private static final String PAYLOAD = "\"" + "x".repeat(200_000) + "\"";

    private static final byte[] SIGN_OF_LIFE = RawSocket.frame(0x8A, true, new byte[0]);

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(new SocketSettings(
                2 * 1024 * 1024,
                1024 * 1024,
                100_000,
                1024 * 1024,
                1_000,
                10,
                20,
                300_000,
                Duration.ofSeconds(2),
                Duration.ofMillis(150),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofSeconds(20)));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static void send(RawSocket worker, String text) throws Exception {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | 126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(new byte[4]);
        frame.write(payload);
        worker.write(frame.toByteArray());
    }

    /** Serves the function once this returns, and reads nothing. */
    private static RawSocket lazy(String name, RawWorker asker) throws Exception {
        RawSocket worker = RawSocket.upgrade(engine.gateway().port(), "/");
        send(worker, "{\"type\":\"registerfunction\",\"id\":\"" + name + "::f\",\"description\":\"" + "d".repeat(200) + "\"}");
        send(worker, "{\"type\":\"invokefunction\",\"function_id\":\"engine::workers::register\",\"data\":{\"name\":\"" + name
                + "\",\"description\":\"" + "d".repeat(200) + "\"},\"action\":{\"type\":\"void\"}}");
        Awaitility.await().until(() -> asker.call("engine::functions::info", "{\"function_id\":\"" + name + "::f\"}")
                .has("result"));
        return worker;
    }

    @Test
    void shouldWaitForAWorkerThatReadsSlowly() throws Exception {
        try (RawWorker caller = engine.worker("caller");
                RawSocket worker = lazy("slow", caller)) {
            for (int i = 0; i < CALLS; i++) {
                caller.start("slow::f", PAYLOAD);
            }
            worker.write(SIGN_OF_LIFE);
            // So long that all that fits is on its way, and more than may wait is left.
            assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(1_500))).isTrue();

            long received = 0;
            InputStream in = worker.input();
            byte[] buffer = new byte[64 * 1024];
            while (received < (long) CALLS * PAYLOAD.length()) {
                int read = in.read(buffer);
                assertThat(read).as("the connection ended after %d bytes", received).isPositive();
                worker.write(SIGN_OF_LIFE);
                received += read;
            }
        }
    }

    /** Nobody waits for a void call, so it counts with its caller's gateway only until Kafka has it. */
    @Test
    void shouldKeepNoMoreVoidCallsForASlowWorkerThanThereIsRoomFor() throws Exception {
        int batches = 6;
        int each = 10;
        String payload = "\"" + "x".repeat(900_000) + "\"";
        try (RawWorker caller = engine.worker("caller-3");
                RawSocket worker = lazy("glutton", caller)) {
            InputStream in = worker.input();
            long received = 0;
            for (int batch = 0; batch < batches; batch++) {
                for (int i = 0; i < each; i++) {
                    caller.start("glutton::f", payload, ",\"action\":{\"type\":\"void\"}");
                }
                assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(150))).as("Kafka has them").isTrue();
                received += in.readNBytes(200_000).length;
                worker.write(SIGN_OF_LIFE);
            }
            caller.start("glutton::f", "\"the last one\"");
            String tail = "";
            while (!tail.contains("the last one")) {
                byte[] some = in.readNBytes(Math.max(1, Math.min(in.available(), 64 * 1024)));
                assertThat(some).as("the connection ended after %d bytes", received).isNotEmpty();
                received += some.length;
                worker.write(SIGN_OF_LIFE);
                String text = tail + new String(some, StandardCharsets.ISO_8859_1);
                tail = text.substring(Math.max(0, text.length() - 70_000));
            }
            assertThat(received).isBetween(20_000_000L, 50_000_000L);

            caller.start("glutton::f", payload);
            assertThat(in.readNBytes(900_000)).as("there is room again").hasSize(900_000);
        }
    }

    @Test
    void shouldDisconnectAWorkerThatReadsNothingForTooLong() throws Exception {
        try (RawWorker caller = engine.worker("caller-2");
                RawSocket worker = lazy("deaf", caller)) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                ids.add(caller.start("deaf::f", PAYLOAD));
            }
            for (String id : ids) {
                assertThat(caller.awaitResult(id).at("/error/code").asText())
                        .isIn("invocation_stopped", "function_not_found");
            }
            worker.readToEnd();
        }
    }

    @Test
    void shouldRefuseCallsWhosePayloadsTakeTooMuchMemoryTogether() {
        String payload = "\"" + "x".repeat(900_000) + "\"";
        List<RawWorker> callees = new ArrayList<>();
        try (RawWorker caller = engine.worker("caller")) {
            for (int i = 0; i < 8; i++) {
                callees.add(engine.worker("holder-" + i).serve("holder::f" + i));
            }
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                ids.add(caller.start("holder::f" + i % 8, payload));
            }
            JsonNode refused = caller.next(frame -> frame.at("/error/code").asText().equals("overloaded"));
            assertThat(refused.at("/error/message").textValue()).contains("limits.in_flight_bytes").contains("channel");

            String small = caller.start("holder::f0", "1");
            callees.getFirst().answer(callees.getFirst().next(frame -> frame.path("data").isInt()), "2");
            assertThat(caller.awaitResult(small).get("result").intValue()).isEqualTo(2);
            callees.forEach(RawWorker::cut);
            callees.clear();
            callees.add(engine.worker("late").serve("late::f"));
            Awaitility.await().untilAsserted(() -> {
                String id = caller.start("late::f", payload);
                callees.getFirst().answer(callees.getFirst().next(frame -> frame.has("function_id")), "3");
                assertThat(caller.awaitResult(id).path("result").intValue()).isEqualTo(3);
            });
        } finally {
            callees.forEach(RawWorker::close);
        }
    }
}
