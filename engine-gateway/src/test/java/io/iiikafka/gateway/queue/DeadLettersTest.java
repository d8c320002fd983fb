package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that fail for good, as seen by users (spec: queue.md sections 4, 7, 15). */
@Timeout(60)
class DeadLettersTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final Worker worker = Jobs.connect(engine, "worker");

    private final String queue = Jobs.unique("q");
    private final String function = Jobs.unique("f");

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private JsonNode deadLetters() {
        return Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", queue));
    }

    /** 3. and 5. */
    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            throw new IllegalStateException("boom");
        });
        Jobs.define(worker, queue, "{\"max_retries\":1,\"backoff_ms\":20}"); // two deliveries
        String receipt = worker.enqueue(queue, function, Map.of("n", 1));

        jobs.await(2);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> deadLetters().size() == 1);
        assertThat(jobs.staysAt(2, Duration.ofMillis(300))).isTrue();
        JsonNode dead = deadLetters().get(0);
        assertThat(dead.get("id").textValue()).isEqualTo(receipt);
        assertThat(dead.get("retries").intValue()).isEqualTo(2);
        assertThat(dead.get("error").textValue()).contains("boom");
        assertThat(dead.get("payload")).hasToString("{\"n\":1}");
        assertThat(dead.get("failed_at").longValue()).isBetween(1_000_000_000L, 100_000_000_000L);

        String once = Jobs.unique("q");
        Jobs.define(worker, once, "{\"max_retries\":0}");
        worker.enqueue(once, function, 1);
        jobs.await(3);
        assertThat(jobs.staysAt(3, Duration.ofMillis(300))).isTrue();
        assertThat(Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", once))).hasSize(1);
    }

    /** 16. */
    @Test
    void shouldRedriveAndDiscardDeadLetters() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
        });
        Jobs.define(worker, queue, "{\"max_retries\":0}");
        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("queue", queue)))
                .hasToString("{\"queue\":\"" + queue + "\",\"redriven\":0}");
        List<String> receipts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            receipts.add(worker.enqueue(queue, function, i));
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> deadLetters().size() == 4);
        broken.set(false);

        Map<String, String> first = Map.of("queue", queue, "message_id", receipts.getFirst());
        assertThat(Jobs.call(worker, "iii::queue::redrive_message", first).get("redriven").intValue()).isEqualTo(1);
        assertThat(Jobs.call(worker, "iii::queue::redrive_message", first).get("redriven").intValue()).isZero();
        assertThat(jobs.await(5).data().getLast()).isEqualTo("0");
        assertThat(Jobs.call(worker, "iii::queue::discard_message", Map.of("queue", queue, "message_id", receipts.get(1)))
                        .get("redriven")
                        .intValue())
                .isEqualTo(1);
        assertThat(deadLetters()).hasSize(2);
        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("queue", "__fn_queue::" + queue)).get("redriven").intValue())
                .isEqualTo(2);
        assertThat(jobs.await(7).data().subList(5, 7)).containsExactlyInAnyOrder("2", "3");
        assertThat(deadLetters()).isEmpty();
        assertThat(jobs.staysAt(7, Duration.ofMillis(200))).isTrue();
    }

    /** 17. */
    @Test
    void shouldPageDeadLettersNewestFirst() {
        Jobs.serve(worker, function, (data, number) -> {
            throw new IllegalStateException("broken");
        });
        Jobs.define(worker, queue, "{\"type\":\"fifo\",\"message_group_field\":\"g\",\"max_retries\":0}");
        for (int i = 0; i < 5; i++) {
            worker.enqueue(queue, function, Map.of("g", i));
            int dead = i + 1;
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> deadLetters().size() == dead);
        }

        JsonNode page = Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", queue, "offset", 1, "limit", 2));
        assertThat(page).hasSize(2);
        assertThat(page.get(0).at("/payload/g").intValue()).isEqualTo(3);
        assertThat(page.get(1).at("/payload/g").intValue()).isEqualTo(2);
        assertThat(deadLetters()).hasSize(5);
    }

    /** 7: a topic's are those of all its subscriptions, and each goes back to the one that failed. */
    @Test
    void shouldWorkOverAllSubscriptionsOfATopicAndDeliverEachLetterWhereItFailed() {
        AtomicBoolean broken = new AtomicBoolean(true);
        List<Jobs> subscribers = new ArrayList<>();
        for (String each : List.of(function, function + "-2", function + "-3")) {
            boolean fails = !each.endsWith("-3");
            subscribers.add(Jobs.serve(worker, each, (data, number) -> {
                if (fails && broken.get()) {
                    throw new IllegalStateException("broken");
                }
            }));
            worker.bind(Trigger.queue(queue).with("max_attempts", 1).to(each));
        }
        for (int i = 1; i <= 3; i++) {
            Jobs.call(worker, "iii::durable::publish", Map.of("topic", queue, "data", i));
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> deadLetters().size() == 6);
        subscribers.forEach(each -> each.await(3));
        JsonNode stats = Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", queue));
        assertThat(stats.get("dlq_depth").intValue()).isEqualTo(6);
        assertThat(stats.get("consumer_count").intValue()).isEqualTo(3);
        assertThat(Jobs.call(worker, "engine::queue::dlq_topics", Map.of()).findValuesAsText("topic")).containsOnlyOnce(queue);
        broken.set(false);

        JsonNode discarded = letter(function, 1);
        assertThat(moved("iii::queue::discard_message", discarded)).isEqualTo(1);
        JsonNode redriven = letter(function + "-2", 2);
        assertThat(moved("iii::queue::redrive_message", redriven)).isEqualTo(1);
        assertThat(subscribers.get(1).await(4).data()).endsWith("2");
        assertThat(deadLetters()).hasSize(4);
        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("queue", queue)).get("redriven").intValue()).isEqualTo(4);

        assertThat(subscribers.get(0).await(5).data().subList(3, 5)).containsExactlyInAnyOrder("2", "3");
        assertThat(subscribers.get(1).await(6).data().subList(4, 6)).containsExactlyInAnyOrder("1", "3");
        assertThat(subscribers.get(2).staysAt(3, Duration.ofMillis(200))).as("it has had all").isTrue();
        assertThat(deadLetters()).isEmpty();
    }

    private JsonNode letter(String functionId, int data) {
        for (JsonNode each : deadLetters()) {
            if (each.path("function_id").asText().equals(functionId) && each.get("payload").intValue() == data) {
                return each;
            }
        }
        throw new AssertionError("no dead letter of " + functionId + " and " + data + ": " + deadLetters());
    }

    private int moved(String by, JsonNode letter) {
        return Jobs.call(worker, by, Map.of("queue", queue, "message_id", letter.get("id").textValue()))
                .get("redriven")
                .intValue();
    }
}
