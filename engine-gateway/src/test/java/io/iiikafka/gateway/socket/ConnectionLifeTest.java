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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection's namespace, its replacement and its end, and what becomes of calls then (spec: protocol.md 2, 5.8). */
class ConnectionLifeTest {

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static JsonNode info(RawWorker asker, String function) {
        return asker.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");
    }

    private static JsonNode register(RawWorker worker, String fields) {
        return worker.call("engine::workers::register", fields);
    }

    @Test
    void shouldApplyWhatWasRegisteredBeforeTheAnnouncementInTheNamespaceThatItNames() {
        String function = unique("f");
        String type = unique("type");
        String trigger = unique("t");
        try (RawWorker worker = engine.connect();
                RawWorker caller = engine.worker(unique("caller"))) {
            worker.send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\",\"description\":\"d\"}")
                    .register(function)
                    .register(function + "-gone")
                    .send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "-gone\"}")
                    .register(" ")
                    .send("{\"type\":\"registertrigger\",\"id\":\"" + trigger + "\",\"trigger_type\":\"" + type
                            + "\",\"function_id\":\"" + function + "\",\"namespace\":\"green\"}")
                    .announce(unique("w"), "\"namespace\":\"green\"");

            JsonNode binding = worker.next("registertrigger");
            assertThat(binding.get("id").textValue()).isEqualTo(trigger);
            assertThat(binding.get("namespace").textValue()).isEqualTo("green");
            assertThat(binding.get("trigger_namespace").textValue()).isEqualTo("green");
            assertThat(info(caller, function).at("/result/namespace").textValue()).isEqualTo("green");
            assertThat(info(caller, function + "-gone").has("error")).isTrue();
            String id = caller.start(function, "1", ",\"namespace\":\"green\"");
            JsonNode call = worker.next("invokefunction");
            assertThat(call.has("namespace")).isFalse();
            worker.answer(call, "2");
            assertThat(caller.awaitResult(id).get("result").intValue()).isEqualTo(2);
        }
    }

    @Test
    void shouldCallNobodyWhoTookTheFunctionBackBeforeItWasKnown() {
        String function = unique("f");
        try (RawWorker former = engine.worker(unique("former"));
                RawWorker owner = engine.worker(unique("owner"))) {
            former.register(function).send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            assertThat(info(former, function).has("error")).isTrue();
            owner.register(function);

            String id = owner.start(function, "1", "");
            owner.answer(owner.next("invokefunction"), "2");
            assertThat(owner.awaitResult(id).get("result").intValue()).isEqualTo(2);
        }
    }

    @Test
    void shouldStayInItsNamespaceWhenALaterAnnouncementNamesAnother() {
        String function = unique("f");
        String name = unique("w");
        try (RawWorker worker = engine.connect().announce(name, "\"namespace\":\"green\"")) {
            worker.announce(name, "\"namespace\":\"red\",\"version\":\"2\"").register(function);

            assertThat(info(worker, function).at("/result/namespace").textValue()).isEqualTo("green");
            JsonNode row = worker.call("engine::workers::info", "{\"name\":\"" + name + "\"}");
            assertThat(row.at("/result/worker/namespace").textValue()).isEqualTo("green");
            assertThat(row.at("/result/worker/version").textValue()).isEqualTo("2");
        }
    }

    @Test
    void shouldRefuseAnAnnouncementWithABlankNamespaceAndStayUndecided() {
        String function = unique("f");
        String name = unique("w");
        try (RawWorker worker = engine.connect().register(function)) {
            JsonNode error = register(worker, "{\"name\":\"" + name + "\",\"namespace\":\" \"}").get("error");
            assertThat(error.get("code").textValue()).isEqualTo("INVALID_NAMESPACE");
            assertThat(error.get("message").textValue())
                    .isEqualTo("namespace is empty: worker '" + name + "' declared \" \"."
                            + " Give it a name, or omit the field to register in 'default'.");

            worker.announce(name, "\"namespace\":\"green\"");
            assertThat(info(worker, function).at("/result/namespace").textValue()).isEqualTo("green");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "\"w\""})
    void shouldRefuseAnAnnouncementThatIsNoObject(String data) {
        try (RawWorker worker = engine.connect()) {
            JsonNode error = register(worker, data).get("error");

            assertThat(error.get("code").textValue()).isEqualTo("deserialization_error");
            assertThat(error.get("message").textValue()).contains("_caller_worker_id");
        }
    }

    @Test
    void shouldKeepWhatALaterAnnouncementLeavesOut() {
        String name = unique("w");
        try (RawWorker worker = engine.connect()
                .announce(name, "\"runtime\":\"go\",\"version\":\"1\",\"os\":\"linux\",\"pid\":7,\"description\":\"d\"")) {
            register(worker, "{\"isolation\":null,\"namespace\":null}");

            JsonNode row = worker.call("engine::workers::info", "{\"name\":\"" + name + "\"}").at("/result/worker");
            assertThat(row.get("os").textValue()).isEqualTo("linux");
            assertThat(row.get("pid").intValue()).isEqualTo(7);
            assertThat(row.get("description").textValue()).isEqualTo("d");
            assertThat(row.get("version").isNull()).isTrue();
        }
    }

    @Test
    void shouldCleanNamesOfWhatDisturbsAScreen() {
        String name = unique("w");
        try (RawWorker worker = engine.connect()) {
            worker.announce("\\u202e\\u0007  " + name + "\\n\\u2028", "\"description\":\"" + "x".repeat(300) + "\"");

            JsonNode row = worker.call("engine::workers::info", "{\"name\":\"" + name + "\"}").at("/result/worker");
            assertThat(row.get("name").textValue()).isEqualTo(name);
            assertThat(row.get("description").textValue()).hasSize(280);
        }
    }

    @Test
    void shouldNotApplyWhatAConnectionThatEndedHadNotAnnounced() {
        String function = unique("f");
        try (RawWorker asker = engine.worker(unique("asker"))) {
            engine.connect().register(function).cut();

            // Longer than a connection is waited for that is quiet after its registrations.
            assertThat(asker.silentAbout("nothing", Duration.ofSeconds(1))).isTrue();
            assertThat(info(asker, function).at("/error/code").textValue()).isEqualTo("NOT_FOUND");
        }
    }

    @Test
    void shouldReserveTheEnginesPrefixInOtherNamespaces() {
        try (RawWorker worker = engine.connect().announce(unique("w"), "\"namespace\":\"green\"")) {
            worker.register("engine::console::page");

            JsonNode rejected = worker.next("registrationrejected");
            assertThat(rejected.get("code").textValue()).isEqualTo("FUNCTION_NAMESPACE_CONFLICT");
            assertThat(rejected.get("namespace").textValue()).isEqualTo("green");
            assertThat(rejected.get("function_id").textValue()).isEqualTo("engine::console::page");
            assertThat(rejected.get("owner_worker_id").textValue()).isEmpty();
            worker.send("{\"type\":\"ping\"}").next("pong");
        }
        try (RawWorker console = engine.worker(unique("console")).serve("engine::console::page")) {
            String id = console.start("engine::console::page", "1");
            console.answer(console.next("invokefunction"), "2");
            assertThat(console.awaitResult(id).get("result").intValue()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"state::get", "stream::set"})
    void shouldProtectFunctionsOfItsOwnOfEveryKind(String function) {
        try (RawWorker worker = engine.worker(unique("w")).register(function)) {
            assertThat(worker.next("registrationrejected").get("owner_worker_id").textValue()).isEmpty();
        }
    }

    @Test
    void shouldLetACallFinishWhoseFunctionIsUnregisteredMeanwhile() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, "1");
            JsonNode call = callee.next("invokefunction");
            callee.send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            assertThat(info(callee, function).has("error")).isTrue();

            callee.answer(call, "\"done\"");

            assertThat(caller.awaitResult(id).get("result").textValue()).isEqualTo("done");
        }
    }

    @Test
    void shouldNotTellACalleeThatItsCallerIsGone() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function)) {
            RawWorker caller = engine.worker(unique("caller"));
            caller.start(function, "1");
            JsonNode call = callee.next("invokefunction");
            caller.close();

            assertThat(callee.silentAbout("invocationresult", Duration.ofMillis(200))).isTrue();
            callee.answer(call, "\"for nobody\"").send("{\"type\":\"ping\"}").next("pong");
            String again = callee.start(function, "2");
            callee.answer(callee.next("invokefunction"), "3");
            assertThat(callee.awaitResult(again).get("result").intValue()).isEqualTo(3);
        }
    }

    @Test
    void shouldStopTheCallsOfAConnectionThatIsReplacedAndServeFromTheNewOne() {
        String function = unique("f");
        String name = unique("w");
        RawWorker old = engine.worker(name).serve(function);
        try (RawWorker caller = engine.worker(unique("caller"));
                RawWorker successor = engine.connect()) {
            String running = caller.start(function, "1");
            old.next("invokefunction");

            successor.send("{\"type\":\"reattach\",\"previous_worker_id\":\"" + old.id() + "\",\"reattach_token\":\""
                    + old.token() + "\"}");
            successor.register(function).announce(name);

            assertThat(caller.awaitResult(running).at("/error/code").textValue()).isEqualTo("invocation_stopped");
            assertThat(old.closeCode()).isEqualTo(1006);
            assertThat(successor.id()).isNotEqualTo(old.id());
            assertThat(successor.silentAbout("workerregistered", Duration.ofMillis(50))).isTrue();
            JsonNode rows = caller.call("engine::workers::list", "{\"search\":\"" + name + "\"}").at("/result/workers");
            assertThat(rows.findValuesAsText("id")).containsExactly(successor.id());
        }
    }

    @Test
    void shouldIgnoreAReattachToItself() {
        try (RawWorker worker = engine.worker(unique("w"))) {
            worker.send("{\"type\":\"reattach\",\"previous_worker_id\":\"" + worker.id() + "\",\"reattach_token\":\""
                            + worker.token() + "\"}")
                    .send("{\"type\":\"ping\"}")
                    .next("pong");
        }
    }

    @Test
    void shouldIgnoreResultsOfCallsThatTheConnectionWasNotAskedForAndThoseThatComeTwice() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker other = engine.worker(unique("other"));
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, "1");
            JsonNode call = callee.next("invokefunction");
            other.answer(call, "\"forged\"").send("{\"type\":\"ping\"}").next("pong");

            callee.answer(call, "\"first\"").answer(call, "\"second\"");

            assertThat(caller.awaitResult(id).get("result").textValue()).isEqualTo("first");
            assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(150))).isTrue();
        }
    }

    @Test
    void shouldNotMakeAWorkerOfATelemetrySocket() throws Exception {
        String handler = unique("on-workers");
        try (RawWorker worker = engine.worker(unique("w")).serve(handler)) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"" + unique("t")
                    + "\",\"trigger_type\":\"engine::workers-available\",\"function_id\":\"" + handler + "\"}");
            worker.call("engine::registered-triggers::list", "{}");
            try (RawSocket telemetry = RawSocket.upgrade(engine.gateway().port(), "/otel?token=x")) {
                for (String frame : new String[] {"OTLP{\"resourceSpans\":[]}", "LOGSnot json", "MTRC\u00ff", "other"}) {
                    telemetry.write(RawSocket.frame(0x82, true, frame.getBytes(StandardCharsets.ISO_8859_1)));
                }
                telemetry.write(RawSocket.frame(0x81, true, "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8)));
                telemetry.write(RawSocket.frame(0x89, true, "still there?".getBytes(StandardCharsets.UTF_8)));
                telemetry.write(RawSocket.frame(0x88, true, new byte[] {0x03, (byte) 0xE8}));

                String all = new String(telemetry.readToEnd(), StandardCharsets.ISO_8859_1);
                assertThat(all).contains("still there?").doesNotContain("workerregistered").doesNotContain("pong");
            }
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();
        }
    }

    @Test
    void shouldForgetTheNameOfAWorkerWithItsConnection() {
        String name = unique("w");
        try (RawWorker asker = engine.worker(unique("asker"))) {
            engine.worker(name).close();

            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                            asker.call("engine::workers::info", "{\"name\":\"" + name + "\"}")
                                    .at("/error/message")
                                    .textValue())
                    .isEqualTo("Worker '" + name + "' is not connected."));
        }
    }
}
