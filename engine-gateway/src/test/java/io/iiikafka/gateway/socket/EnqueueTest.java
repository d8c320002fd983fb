package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls with the action {@code enqueue} (spec: protocol.md 5.2, queue.md 5). */
class EnqueueTest {

    private static final String ACTION = ",\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"}";

    private static TestEngine engine;
    private static RawWorker callee;
    private static RawWorker caller;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        callee = engine.worker("callee").serve("pay::charge");
        caller = engine.worker("caller");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void shouldGiveAReceiptAndCallTheFunctionWithItsDataUnchanged() {
        String id = caller.start("pay::charge", "{\"n\":1.50}", ACTION);

        JsonNode result = caller.awaitResult(id);
        assertThat(result.get("function_id").textValue()).isEqualTo("pay::charge");
        assertThat(result.get("result")).hasSize(1);
        assertThat(result.at("/result/messageReceiptId").textValue()).matches("[0-9a-f-]{36}");
        JsonNode call = callee.called("pay::charge");
        assertThat(call.get("data").toString()).isEqualTo("{\"n\":1.5}");
        assertThat(call.has("action")).isFalse();
        assertThat(call.get("baggage").textValue()).isEqualTo("iii.function.id=pay%3A%3Acharge");
        callee.answer(call, "{\"own\":\"result\"}");
    }

    @Test
    void shouldGoOnInTheCallersTrace() {
        String id = caller.start(
                "pay::charge",
                "[1]",
                ACTION + ",\"baggage\":\"user=1,iii.function.id=other\","
                        + "\"traceparent\":\"00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01\"");

        caller.awaitResult(id);
        JsonNode call = callee.called("pay::charge");
        assertThat(call.get("data").toString()).isEqualTo("[1]");
        assertThat(call.get("traceparent").textValue()).startsWith("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-");
        assertThat(call.get("baggage").textValue()).isEqualTo("user=1,iii.function.id=pay%3A%3Acharge");
        callee.answer(call, "null");
    }

    @Test
    void shouldCallTheFunctionOfTheNamedNamespace() {
        JsonNode result = caller.awaitResult(caller.start("pay::charge", "1", ACTION + ",\"namespace\":\"blue\""));

        assertThat(result.at("/result/messageReceiptId").isTextual()).isTrue();
        assertThat(callee.silentAbout("invokefunction", Duration.ofMillis(300))).isTrue(); // nobody is in blue
    }

    @Test
    void shouldEnqueueWithoutAnAnswerWhenNoIdIsGiven() {
        caller.send("{\"type\":\"invokefunction\",\"function_id\":\"pay::charge\"" + ACTION + "}");

        JsonNode call = callee.called("pay::charge");
        assertThat(call.get("data").isNull()).isTrue();
        callee.answer(call, "null");
        assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(150))).isTrue();
    }

    @Test
    void shouldRefuseAQueueThatIsNotThere() {
        String id = caller.start(
                "pay::charge", "{}", ",\"action\":{\"type\":\"enqueue\",\"queue\":\"nowhere\"}");

        JsonNode error = caller.awaitResult(id).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("enqueue_error");
        assertThat(error.get("message").textValue()).contains("ueue 'nowhere'");
    }

    @Test
    void shouldAnswerAnActionThatItCannotRead() {
        for (String action : new String[] {"{\"type\":\"later\"}", "{\"type\":\"enqueue\"}", "\"void\"", "{}"}) {
            String id = caller.start("pay::charge", "{}", ",\"action\":" + action);

            assertThat(caller.awaitResult(id).at("/error/code").textValue()).as(action).isEqualTo("invalid_frame");
        }
        assertThat(callee.silentAbout("invokefunction", Duration.ofMillis(50))).isTrue();
    }
}
