package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks and options of the enqueue action (spec: queue.md 5, 12.1). */
class EnqueueActionTest {

    private static TestEngine engine;
    private static RawWorker caller;
    private static RawWorker callee;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        caller = engine.worker("caller");
        callee = engine.worker("callee").serve("mail::send");
        define(caller, "fifo", "{\"type\":\"fifo\",\"message_group_field\":\"user.id\"}");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static void define(RawWorker worker, String queue, String config) {
        JsonNode answer = worker.call("queue::define", "{\"queue\":\"" + queue + "\",\"config\":" + config + "}");
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
    }

    private static JsonNode enqueue(RawWorker from, String queue, String data, String options, String members) {
        return from.awaitResult(from.start(
                "mail::send",
                data,
                ",\"action\":{\"type\":\"enqueue\",\"queue\":\"" + queue + "\"" + options + "}" + members));
    }

    private static String error(JsonNode result) {
        assertThat(result.at("/error/code").asText()).as(result.toString()).isEqualTo("enqueue_error");
        return result.at("/error/message").textValue();
    }

    @Test
    void shouldRefuseAnUnknownQueue() {
        assertThat(error(enqueue(caller, "none", "{}", "", ""))).isEqualTo("Queue 'none' not found");
        assertThat(error(enqueue(caller, "none", "{}", ",\"delay_ms\":1", ""))).isEqualTo("Queue 'none' not found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}|FIFO queue 'fifo' requires field 'user.id' in data, but it was not found",
        "null|FIFO queue 'fifo' requires field 'user.id' in data, but it was not found",
        "{'user':{'id':null}}|FIFO queue 'fifo': field 'user.id' must not be null",
        "{'user.id':''}|FIFO queue 'fifo': field 'user.id' must not be null",
    })
    void shouldRefuseAPayloadWithoutItsGroup(String data, String message) {
        assertThat(error(enqueue(caller, "fifo", data.replace('\'', '"'), "", ""))).isEqualTo(message);
    }

    @Test
    void shouldTakeAGroupFromTheOptions() {
        JsonNode result = enqueue(caller, "fifo", "{}", ",\"group\":\"a\"", "");
        assertThat(result.at("/result/messageReceiptId").isTextual()).as(result.toString()).isTrue();
        callee.answer(callee.called("mail::send"), "null");
    }

    @Test
    void shouldDeliverTheMetadataWithoutTheOptionsInIt() {
        enqueue(caller, "default", "1", "", ",\"metadata\":{\"k\":\"v\",\"iii_queue\":{\"priority\":3}}");

        JsonNode call = callee.called("mail::send");
        assertThat(call.get("metadata")).hasToString("{\"k\":\"v\"}");
        callee.answer(call, "null");
    }

    @Test
    void shouldDelayAJobAndEchoTheTrace() {
        String trace = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01";
        long before = System.nanoTime();
        JsonNode result = enqueue(
                caller,
                "default",
                "2",
                ",\"delay_ms\":400,\"unheard_of\":true",
                ",\"traceparent\":\"" + trace + "\",\"baggage\":\"user=1\"");

        assertThat(result.get("traceparent").textValue()).isEqualTo(trace);
        assertThat(result.get("baggage").textValue()).isEqualTo("user=1");
        JsonNode call = callee.called("mail::send");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        callee.answer(call, "null");
    }

    @Test
    void shouldGiveTheReceiptOfTheFirstJobWithTheKey() {
        String key = ",\"dedup_key\":\"invoice-7\"";
        JsonNode first = enqueue(caller, "default", "7", key, "");
        JsonNode second = enqueue(caller, "default", "7", key, "");

        assertThat(second.at("/result/messageReceiptId"))
                .as(second.toString())
                .isEqualTo(first.at("/result/messageReceiptId"));
        assertThat(second.at("/result/deduplicated").booleanValue()).isTrue();
        callee.answer(callee.called("mail::send"), "null");
        assertThat(callee.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();
    }

    @Test
    void shouldSayWhichOptionDoesNotFit() {
        assertThat(error(enqueue(caller, "default", "{}", ",\"delay_ms\":\"soon\"", ""))).contains("delay_ms");
    }

    @Test
    void shouldKnowAQueueThatWasDefinedOnAnotherGatewayAMomentAgo() throws Exception {
        TestGateway second = engine.addGateway();
        try (RawWorker there = engine.worker(second, "there")) {
            for (int i = 0; i < 5; i++) {
                define(there, "q" + i, "{}");
                JsonNode result = enqueue(caller, "q" + i, "{}", "", "");
                assertThat(result.at("/result/messageReceiptId").isTextual()).as(result.toString()).isTrue();
                callee.answer(callee.called("mail::send"), "null");
            }
        }
    }

    @Test
    void shouldAcknowledgeWhatKafkaHasWhileNoKeeperRuns() {
        try (TestEngine alone = TestEngine.start();
                RawWorker worker = alone.worker("alone")) {
            alone.stopKeeper();

            JsonNode result = enqueue(worker, "default", "{}", "", "");
            assertThat(result.at("/result/messageReceiptId").isTextual()).as(result.toString()).isTrue();
        }
    }
}
