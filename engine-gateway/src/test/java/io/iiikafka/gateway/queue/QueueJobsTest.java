package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.queue.QueueSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs of named queues and messages of durable topics over sockets (spec: queue.md 15). */
class QueueJobsTest {

    private static TestEngine engine;
    private static RawWorker caller;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        caller = engine.worker("caller");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String define(boolean fifo, int concurrency, int maxAttempts) {
        String name = "q-" + UUID.randomUUID();
        engine.put(new CatalogEntry.Queue(
                name,
                true,
                new QueueSettings(
                        fifo, fifo ? "g" : null, concurrency, maxAttempts, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3,
                        List.of(), null, null, null, null, true, 0)));
        return name;
    }

    private static String enqueue(String queue, String function, String data) {
        JsonNode result = caller.awaitResult(
                caller.start(function, data, ",\"action\":{\"type\":\"enqueue\",\"queue\":\"" + queue + "\"}"));
        assertThat(result.has("error")).as(result.toString()).isFalse();
        return result.at("/result/messageReceiptId").textValue();
    }

    private static JsonNode ask(String function, String data) {
        JsonNode result = caller.call(function, data);
        assertThat(result.has("error")).as(result.toString()).isFalse();
        return result.get("result");
    }

    private static JsonNode letters(String queue) {
        return ask("engine::queue::dlq_messages", "{\"topic\":\"" + queue + "\"}");
    }

    private static String function() {
        return "f-" + UUID.randomUUID();
    }

    @Test
    void shouldRepeatAfterGrowingPausesAndKeepADeadLetterInTheEnd() {
        String queue = define(false, 5, 4);
        String function = function();
        try (RawWorker worker = engine.worker(function).serve(function)) {
            String receipt = enqueue(queue, function, "{\"n\":1}");
            List<Long> gaps = new ArrayList<>();
            long last = 0;
            for (int i = 1; i <= 4; i++) {
                JsonNode call = worker.called(function);
                long now = System.nanoTime();
                assertThat(call.at("/metadata/iii_delivery/attempt").intValue()).isEqualTo(i);
                assertThat(call.at("/metadata/iii_delivery/receipt").textValue()).isEqualTo(receipt);
                assertThat(call.at("/metadata/iii_delivery/queue").textValue()).isEqualTo(queue);
                if (i > 1) {
                    gaps.add((now - last) / 1_000_000);
                }
                last = System.nanoTime();
                worker.fail(call, "boom");
            }
            for (int i = 0; i < 3; i++) {
                assertThat(gaps.get(i)).as("gaps " + gaps).isGreaterThanOrEqualTo(50L << i);
            }
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(600))).isTrue();
            JsonNode letter = letters(queue).get(0);
            assertThat(letter.get("id").textValue()).isEqualTo(receipt);
            assertThat(letter.get("error").textValue()).isEqualTo("boom: no luck");
            assertThat(letter.get("retries").intValue()).isEqualTo(4);

            assertThat(ask("iii::queue::redrive", "{\"queue\":\"__fn_queue::" + queue + "\"}").toString())
                    .isEqualTo("{\"queue\":\"__fn_queue::" + queue + "\",\"redriven\":1}");
            JsonNode again = worker.called(function);
            assertThat(again.at("/metadata/iii_delivery/attempt").intValue()).isEqualTo(1);
            worker.answer(again, "null");
            assertThat(ask("iii::queue::redrive", "{\"queue\":\"" + queue + "\"}").get("redriven").intValue())
                    .isZero();
            Awaitility.await().until(() -> ask("engine::queue::topic_stats", "{\"topic\":\"" + queue + "\"}")
                    .toString()
                    .equals("{\"depth\":0,\"consumer_count\":5,\"dlq_depth\":0,\"config\":null,\"delivered\":1,"
                            + "\"failed\":4,\"delayed\":0}"));
        }
    }

    @Test
    void shouldGoOnWhereItWasAfterTheKeeperHasMoved() {
        String queue = define(true, 2, 3);
        String function = function();
        for (boolean keepingItsFiles : new boolean[] {true, false}) {
            try (RawWorker worker = engine.worker(function + keepingItsFiles).serve(function + keepingItsFiles)) {
                for (int i = 0; i < 4; i++) {
                    enqueue(queue, function + keepingItsFiles, "{\"g\":\"a\",\"n\":" + i + "}");
                }
                JsonNode first = worker.called(function + keepingItsFiles);
                engine.restartKeeper(keepingItsFiles);
                assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(300))).isTrue();
                worker.fail(first, "boom");
                for (int i = 0; i < 4; i++) {
                    JsonNode call = worker.called(function + keepingItsFiles);
                    assertThat(call.at("/data/n").intValue()).isEqualTo(i);
                    worker.answer(call, "null");
                }
            }
        }
    }

    @Test
    void shouldKeepWhatTheFunctionReturnedWhenTheQueueSaysSo() {
        String queue = "q-" + UUID.randomUUID();
        ask("queue::define", "{\"queue\":\"" + queue + "\",\"config\":{\"result_retention_ms\":60000}}");
        String function = function();
        try (RawWorker worker = engine.worker(function).serve(function)) {
            String receipt = enqueue(queue, function, "1");
            worker.answer(worker.called(function), "{\"sum\":5}");

            String asked = "{\"queue\":\"" + queue + "\",\"message_id\":\"" + receipt + "\"}";
            Awaitility.await().until(() -> ask("iii::queue::job", asked).path("status").asText().equals("succeeded"));
            assertThat(ask("iii::queue::job", asked).get("result")).hasToString("{\"sum\":5}");
        }
    }

    @Test
    void shouldDeliverAgainWhenTheWorkerGoesAway() {
        String queue = define(false, 2, 1);
        String function = function();
        RawWorker dying = engine.worker(function).serve(function);
        enqueue(queue, function, "1");
        dying.called(function);
        dying.close();
        try (RawWorker next = engine.worker(function).serve(function)) {
            JsonNode call = next.called(function);
            next.answer(call, "null");
        }
        assertThat(letters(queue)).isEmpty();
    }

    @Test
    void shouldDeliverToEachSubscriptionOfATopicAndTellOfAConditionThatFails() {
        String topic = "t-" + UUID.randomUUID();
        String one = function();
        String two = function();
        try (RawWorker worker = engine.worker(one).serve(one).serve(two).serve(two + "-if")) {
            QueueSettings once = new QueueSettings(
                    false, null, 2, 1, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null, null,
                    false, 0);
            engine.put(new CatalogEntry.Subscription(topic, "default", one, one, null, null, once));
            engine.put(new CatalogEntry.Subscription(topic, "default", two, two, two + "-if", null, once));

            JsonNode published = caller.call("emit", "{\"topic\":\"" + topic + "\",\"data\":{\"x\":1}}");
            assertThat(published.has("error") || published.has("result")).isFalse();
            JsonNode call = worker.nextCallOf(one);
            assertThat(call.get("data").toString()).isEqualTo("{\"x\":1}");
            worker.answer(call, "null");
            JsonNode asked = worker.nextCallOf(two + "-if");
            assertThat(asked.get("data").toString()).isEqualTo("{\"x\":1}");
            worker.answer(asked, "false"); // it is gone
            caller.call("iii::durable::publish", "{\"queue\":\"" + topic + "\",\"data\":2}");
            worker.answer(worker.nextCallOf(one), "null");
            worker.fail(worker.nextCallOf(two + "-if"), "oh");
            Awaitility.await().until(() -> letters(topic).size() == 1);
            assertThat(letters(topic).get(0).get("error").textValue()).isEqualTo("Condition function error: no luck");
            assertThat(letters(topic).get(0).get("payload").intValue()).isEqualTo(2);
            caller.call("enqueue", "{\"topic\":\"" + topic + "\",\"data\":3}");
            worker.answer(worker.nextCallOf(two + "-if"), "null");
            worker.answer(worker.nextCallOf(two), "null");
        }
    }
}
