package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls with the action {@code enqueue}, up to the queue's provider (spec: protocol.md 5.2). */
class EnqueueTest {

    private static final String ACTION = ",\"action\":{\"type\":\"enqueue\",\"queue\":\"payments\"}";

    private static TestEngine engine;
    private static RawWorker provider;
    private static RawWorker caller;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        provider = engine.worker("queue").serve("engine::queue::enqueue");
        caller = engine.worker("caller");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void shouldGiveTheProviderTheJobAndNothingElse() {
        String id = caller.start("pay::charge", "{\"n\":1.50}", ACTION);

        JsonNode call = provider.next("invokefunction");
        JsonNode job = call.get("data");
        assertThat(job.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("queue", "function_id", "data", "messageReceiptId", "traceparent", "baggage");
        assertThat(job.get("queue").textValue()).isEqualTo("payments");
        assertThat(job.get("data").toString()).isEqualTo("{\"n\":1.5}");
        assertThat(job.get("traceparent").isNull()).isTrue();
        assertThat(job.get("baggage").textValue()).isEqualTo("iii.function.id=pay%3A%3Acharge");
        assertThat(call.has("action")).isFalse();
        provider.answer(call, "{\"own\":\"result\"}");

        JsonNode result = caller.awaitResult(id);
        assertThat(result.get("function_id").textValue()).isEqualTo("pay::charge");
        assertThat(result.get("result")).hasSize(1);
        assertThat(result.at("/result/messageReceiptId")).isEqualTo(job.get("messageReceiptId"));
    }

    @Test
    void shouldTellTheProviderOfTheTargetsNamespaceAndTheCallersTrace() {
        caller.start(
                "pay::charge",
                "[1]",
                ACTION + ",\"namespace\":\"blue\",\"baggage\":\"user=1,iii.function.id=other\","
                        + "\"traceparent\":\"00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01\"");

        JsonNode job = provider.next("invokefunction").get("data");
        assertThat(job.get("namespace").textValue()).isEqualTo("blue");
        assertThat(job.get("data").toString()).isEqualTo("[1]");
        assertThat(job.get("traceparent").textValue()).startsWith("00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-");
        assertThat(job.get("baggage").textValue()).isEqualTo("user=1,iii.function.id=pay%3A%3Acharge");
    }

    @Test
    void shouldEnqueueWithoutAnAnswerWhenNoIdIsGiven() {
        caller.send("{\"type\":\"invokefunction\",\"function_id\":\"pay::charge\"" + ACTION + "}");

        JsonNode call = provider.next("invokefunction");
        assertThat(call.at("/data/data").isNull()).isTrue();
        provider.answer(call, "null");
        assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(150))).isTrue();
    }

    @Test
    void shouldSayWhatTheProviderSaidWhenItFails() {
        String id = caller.start("pay::charge", "{}", ACTION);
        JsonNode call = provider.next("invokefunction");
        provider.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                + ",\"function_id\":\"x\",\"error\":{\"code\":\"queue_full\",\"message\":\"no room\"}}");

        JsonNode error = caller.awaitResult(id).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("enqueue_error");
        assertThat(error.get("message").textValue()).isEqualTo("queue_full: no room");
    }

    @Test
    void shouldAnswerAnActionThatItCannotRead() {
        for (String action : new String[] {"{\"type\":\"later\"}", "{\"type\":\"enqueue\"}", "\"void\"", "{}"}) {
            String id = caller.start("pay::charge", "{}", ",\"action\":" + action);

            assertThat(caller.awaitResult(id).at("/error/code").textValue()).as(action).isEqualTo("invalid_frame");
        }
        assertThat(provider.silentAbout("invokefunction", Duration.ofMillis(50))).isTrue();
    }
}
