package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls and their outcomes by bare frames (spec: protocol.md 5). */
class CallProtocolTest {

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
    void shouldCarryACallToItsWorkerAndTheResultBack() {
        String function = unique("math::add");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(
                    function,
                    "{\"z\":1,\"a\":12345678901234567890,\"_caller_worker_id\":\"forged\"}",
                    ",\"metadata\":{\"tenant\":\"t\"},\"traceparent\":\"00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01\","
                            + "\"baggage\":\"user=u1\"");

            JsonNode call = callee.next("invokefunction");
            assertThat(call.get("invocation_id").textValue()).isEqualTo(id);
            assertThat(call.get("function_id").textValue()).isEqualTo(function);
            assertThat(call.get("data").get("a").toString()).isEqualTo("12345678901234567890");
            assertThat(call.get("data").get("_caller_worker_id").textValue()).isEqualTo(caller.id());
            assertThat(call.get("metadata").get("tenant").textValue()).isEqualTo("t");
            assertThat(call.get("traceparent").textValue()).startsWith("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb");
            assertThat(call.get("baggage").textValue()).contains("user=u1").contains("iii.function.id=math%3A%3Aadd");
            assertThat(call.has("action")).isFalse();

            callee.answer(call, "{\"sum\":3}");
            JsonNode result = caller.awaitResult(id);
            assertThat(result.get("result").get("sum").intValue()).isEqualTo(3);
            assertThat(result.has("error")).isFalse();
            assertThat(result.get("function_id").textValue()).isEqualTo(function);
            assertThat(result.get("baggage").textValue()).isEqualTo("user=u1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[1,2]", "\"text\"", "17", "true"})
    void shouldPassPayloadsThatAreNoObjectsOnAsTheyAre(String payload) {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, payload);

            JsonNode call = callee.next("invokefunction");
            assertThat(call.get("data").toString()).isEqualTo(payload);

            callee.answer(call, payload);
            JsonNode result = caller.awaitResult(id);
            assertThat(result.path("result").toString()).isEqualTo(payload.equals("null") ? "" : payload);
        }
    }

    @Test
    void shouldTakeACallWithoutDataForNull() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            caller.send("{\"type\":\"invokefunction\",\"invocation_id\":\"" + UUID.randomUUID() + "\",\"function_id\":\""
                    + function + "\"}");

            assertThat(callee.next("invokefunction").get("data").isNull()).isTrue();
        }
    }

    @Test
    void shouldHandTheErrorOfACalleeToTheCallerVerbatim() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, "{}");
            JsonNode call = callee.next("invokefunction");
            callee.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                    + ",\"function_id\":\"x\",\"error\":{\"code\":\"E42\",\"message\":\"böse\",\"stacktrace\":\"at x\"}}");

            JsonNode error = caller.awaitResult(id).get("error");
            assertThat(error.toString())
                    .isEqualTo("{\"code\":\"E42\",\"message\":\"böse\",\"stacktrace\":\"at x\"}");
        }
    }

    @Test
    void shouldRunAVoidCallWithoutAnsweringIt() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, "{\"n\":1}", ",\"action\":{\"type\":\"void\"}");

            JsonNode call = callee.next("invokefunction");
            assertThat(call.get("invocation_id").textValue()).isNotEqualTo(id);
            callee.answer(call, "1");
            caller.send("{\"type\":\"invokefunction\",\"invocation_id\":null,\"function_id\":\"" + function
                    + "\",\"data\":{\"n\":2}}");
            JsonNode second = callee.next("invokefunction");
            assertThat(second.get("data").get("n").intValue()).isEqualTo(2);
            assertThat(second.get("invocation_id").isTextual()).isTrue();
            callee.answer(second, "1");

            caller.start("nobody::serves-this", "{}", ",\"action\":{\"type\":\"void\"}");
            assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(300))).isTrue();
        }
    }

    @Test
    void shouldSayWhichNamespacesHaveAFunctionThatIsNotFound() {
        String function = unique("math::add");
        try (RawWorker callee = engine.connect();
                RawWorker caller = engine.worker(unique("caller"))) {
            callee.announce(unique("callee"), "\"namespace\":\"blue\"").register(function);
            callee.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");

            JsonNode result = caller.call(function, "{}");

            assertThat(code(result)).isEqualTo("function_not_found");
            assertThat(result.get("error").get("message").textValue())
                    .isEqualTo("Function " + function + " not found in namespace default."
                            + " It is registered in namespace(s): blue.");

            String found = caller.start(function, "{}", ",\"namespace\":\"blue\"");
            callee.answer(callee.next("invokefunction"), "\"ok\"");
            assertThat(caller.awaitResult(found).get("result").textValue()).isEqualTo("ok");
        }
    }

    @Test
    void shouldSayAtOnceThatNobodyServesAFunction() {
        try (RawWorker caller = engine.worker(unique("caller"))) {
            caller.call(unique("warm-up"), "{}");
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                long began = System.nanoTime();
                caller.call(unique("nobody"), "{}");
                times.add(Duration.ofNanos(System.nanoTime() - began));
            }
            times.sort(null);
            assertThat(times.get(4)).as("without a half-second poll of the catalog").isLessThan(Duration.ofMillis(400));
        }
    }

    @Test
    void shouldRefuseABlankNamespace() {
        try (RawWorker caller = engine.worker(unique("caller"))) {
            JsonNode result = caller.awaitResult(caller.start("f", "{}", ",\"namespace\":\" \""));

            assertThat(code(result)).isEqualTo("INVALID_NAMESPACE");
            assertThat(result.get("error").get("message").textValue())
                    .isEqualTo("`namespace` is empty: it was named and left blank."
                            + " Give it a name, or omit it to use `default`.");
        }
    }

    @Test
    void shouldDecideBetweenCallersThatChoseTheSameId() {
        String function = unique("f");
        String id = UUID.randomUUID().toString();
        String frame = "{\"type\":\"invokefunction\",\"invocation_id\":\"" + id + "\",\"function_id\":\"" + function
                + "\",\"data\":{}}";
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker one = engine.worker(unique("one"));
                RawWorker two = engine.worker(unique("two"))) {
            one.send(frame);
            JsonNode first = callee.next("invokefunction");
            two.send(frame);
            JsonNode second = callee.next("invokefunction");
            callee.answer(second, "\"second\"").answer(first, "\"first\"");

            assertThat(one.awaitResult(id).get("result").textValue()).isEqualTo("first");
            assertThat(two.awaitResult(id).get("result").textValue()).isEqualTo("second");
        }
    }

    @Test
    void shouldNotBreakAPythonWorkerByALargeFrame() {
        String function = unique("f");
        String large = "\"" + "x".repeat(1_100_000) + "\"";
        try (RawWorker python = engine.connect().announce(unique("py"), "\"runtime\":\"python\"").serve(function);
                RawWorker node = engine.worker(unique("node")).serve(function + "-node")) {
            JsonNode refused = node.call(function, large);
            assertThat(code(refused)).isEqualTo("payload_too_large");
            assertThat(refused.get("error").get("message").textValue()).contains("channel").contains("1048576");

            String id = python.start(function + "-node", "{}");
            node.answer(node.next("invokefunction"), large);
            assertThat(code(python.awaitResult(id))).isEqualTo("payload_too_large");
            python.send("{\"type\":\"ping\"}").next("pong");
        }
    }

    @Test
    void shouldSendAPythonWorkerLargeFramesWhenItSaysThatItTakesThem() {
        String function = unique("f");
        String python = "\"runtime\":\"python\",\"version\":\"0.25.0\",\"features\":[\"large-messages.v1\"]";
        try (RawWorker callee =
                        engine.connect().announce(unique("py"), python).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            caller.start(function, "\"" + "x".repeat(1_500_000) + "\"");

            assertThat(callee.next("invokefunction").get("data").textValue()).hasSize(1_500_000);
        }
    }

    @Test
    void shouldCarryMegabytes() {
        String function = unique("f");
        String large = "\"" + "ü".repeat(4_000_000) + "\"";
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String id = caller.start(function, large);
            JsonNode call = callee.next("invokefunction");
            callee.answer(call, call.get("data").toString());

            assertThat(caller.awaitResult(id).get("result").textValue()).hasSize(4_000_000);
        }
    }

    @Test
    void shouldRefuseAPayloadBeyondTheLimitWithAClearError() {
        try (RawWorker caller = engine.worker(unique("caller"))) {
            JsonNode result = caller.call("f", "\"" + "x".repeat(16 * 1024 * 1024) + "\"");

            assertThat(code(result)).isEqualTo("payload_too_large");
        }
    }

    @Test
    void shouldCloseAConnectionThatSendsAnOversizeMessage() {
        RawWorker worker = engine.worker(unique("w"));

        worker.send("\"" + "x".repeat(18 * 1024 * 1024) + "\"");

        assertThat(worker.closeCode()).isIn(1009, 1006);
    }
}
