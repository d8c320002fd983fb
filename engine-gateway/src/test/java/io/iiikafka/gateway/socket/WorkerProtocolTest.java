package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections and frames as such, of every age of SDK (spec: protocol.md 1 to 3). */
class WorkerProtocolTest {

    @AutoClose
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    @Test
    void shouldGreetEachWorkerOnceWithItsOwnIdAndToken() {
        try (RawWorker one = engine.connect();
                RawWorker two = engine.connect()) {
            assertThat(UUID.fromString(one.id())).isNotEqualTo(UUID.fromString(two.id()));
            assertThat(one.token()).isNotEqualTo(two.token());
            assertThat(one.silentAbout("workerregistered", Duration.ofMillis(100))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "17",
                "{\"type\":\"nonsense\"}",
                "{\"no\":\"type\"}",
                "{\"type\":\"registerfunction\"}",
                "{\"type\":\"registerfunction\",\"id\":17}",
                "{\"type\":17}",
                "   ",
                "{\"type\":\"pong\"}",
                "{\"type\":\"invocationresult\",\"invocation_id\":\"unknown\",\"function_id\":\"x\"}"
            })
    void shouldKeepTheConnectionOpenWhateverComesIn(String text) {
        try (RawWorker worker = engine.worker(unique("w"))) {
            worker.send(text).send("{\"type\":\"ping\"}");

            assertThat(worker.next("pong")).isNotNull();
        }
    }

    @Test
    void shouldAnswerACallThatItCannotDecode() {
        try (RawWorker worker = engine.worker(unique("w"))) {
            worker.send("{\"type\":\"invokefunction\",\"invocation_id\":\"i-1\",\"function_id\":17}");

            JsonNode result = worker.awaitResult("i-1");
            assertThat(code(result)).isEqualTo("invalid_frame");
            assertThat(result.get("error").get("message").textValue()).contains("function_id");
        }
    }

    @Test
    void shouldReadBinaryFramesAsTextAndSwallowTelemetry() {
        try (RawWorker worker = engine.worker(unique("w"))) {
            worker.sendBinary("OTLP{\"resourceSpans\":[]}".getBytes(StandardCharsets.UTF_8));
            worker.sendBinary("MTRCnot json".getBytes(StandardCharsets.UTF_8));
            worker.sendBinary("{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));

            assertThat(worker.next("pong")).isNotNull();
        }
    }

    @Test
    void shouldPutAWorkerThatNeverAnnouncesIntoTheDefaultNamespace() {
        String function = unique("browser::f");
        try (RawWorker browser = engine.connect();
                RawWorker caller = engine.worker(unique("caller"))) {
            browser.register(function);

            Awaitility.await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(
                            caller.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}")
                                    .has("result"))
                    .isTrue());
        }
    }

    @Test
    void shouldAcceptWhatOlderSdksSend() {
        try (RawWorker worker = engine.worker(unique("w"))) {
            worker.send("{\"type\":\"registerservice\",\"id\":\"svc\",\"name\":\"Service\"}");
            worker.send("{\"type\":\"unregistertriggertype\",\"id\":\"t\",\"extra\":1}");
            worker.send("{\"type\":\"ping\"}");

            assertThat(worker.next("pong")).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?token=x", "/otel"})
    void shouldAnswerPingsWithTheirPayload(String path) throws Exception {
        try (RawSocket peer = RawSocket.upgrade(engine.gateway().port(), path)) {
            peer.write(RawSocket.frame(0x89, true, "are you there".getBytes(StandardCharsets.UTF_8)));
            peer.write(RawSocket.frame(0x88, true, new byte[] {0x03, (byte) 0xE8}));

            assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1))
                    .contains((char) 0x8A + "" + (char) 13 + "are you there");
        }
    }
}
