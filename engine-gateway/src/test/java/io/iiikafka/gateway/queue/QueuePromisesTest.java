package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What queues promise beside the acceptance list (spec: queue.md 3 to 7, 12). */
class QueuePromisesTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final Worker worker = Jobs.connect(engine, "promises");

    private final String queue = Jobs.unique("q");
    private final String function = Jobs.unique("f");

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private int deadLetters(String name) {
        return Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", name)).size();
    }

    private void awaitDeadLetters(String name, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> deadLetters(name) == count);
    }

    /** 5.1. */
    @Test
    void shouldKeepAJobSilentlyWhenItsProducerWaitsForNothing() {
        Jobs jobs = Jobs.serve(worker, function);
        engine.awaitServed(function);
        try (RawWorker producer = engine.worker("silent")) {
            producer.send("{\"type\":\"invokefunction\",\"function_id\":\"" + function
                    + "\",\"data\":7,\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"}}");
            producer.send("{\"type\":\"invokefunction\",\"function_id\":\"" + function
                    + "\",\"data\":8,\"action\":{\"type\":\"enqueue\",\"queue\":\"nowhere\"}}");
            assertThat(jobs.await(1).data()).containsExactly("7");
            assertThat(producer.silentAbout("invocationresult", Duration.ofMillis(200))).isTrue();
        }
    }

    /** 4.10. */
    @Test
    void shouldServeTheProviderToWhoeverCallsIt() {
        Jobs jobs = Jobs.serve(worker, function);
        JsonNode answer = Jobs.call(
                worker,
                "engine::queue::enqueue",
                Map.of("queue", "default", "function_id", function, "data", 9, "messageReceiptId", queue));
        assertThat(answer).hasToString("{\"messageReceiptId\":\"" + queue + "\"}");
        assertThat(jobs.await(1).data()).containsExactly("9");
    }

    /** 6.5. */
    @Test
    void shouldNotHoldUpAQueueForTheSlowOrFailingJobsOfAnother() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        String other = Jobs.unique("q");
        Jobs.define(worker, queue, "{\"concurrency\":1,\"max_attempts\":2,\"backoff_ms\":60000}");
        Jobs.define(worker, other, "{\"concurrency\":1}");
        Jobs slow = Jobs.serve(worker, function, (data, number) -> {
            if (number == 1) {
                throw new IllegalStateException("boom");
            }
            go.await(20, TimeUnit.SECONDS);
        });
        String fast = Jobs.unique("fast");
        Jobs jobs = Jobs.serve(worker, fast);
        for (int i = 0; i < 5; i++) {
            worker.enqueue(queue, function, Map.of("n", i));
            worker.enqueue(other, fast, Map.of("n", i));
        }
        jobs.await(5);
        slow.await(2);
        assertThat(slow.seen()).as("the others wait behind the slow one").hasSize(2);
        go.countDown();
    }

    /** 6.6, 7: at the tail; no attempt of it counts any more. */
    @Test
    void shouldLetARedrivenJobIntoItsGroupAtTheTail() throws Exception {
        Jobs.define(worker, queue, "{\"type\":\"fifo\",\"message_group_field\":\"g\",\"max_attempts\":1}");
        CountDownLatch go = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (number == 1) {
                throw new IllegalStateException("boom");
            }
            if (number == 2) {
                go.await(20, TimeUnit.SECONDS);
            }
        });
        worker.enqueue(queue, function, Map.of("g", "a", "n", 1));
        awaitDeadLetters(queue, 1);
        worker.enqueue(queue, function, Map.of("g", "a", "n", 2));
        jobs.await(2);
        worker.enqueue(queue, function, Map.of("g", "a", "n", 3));
        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("queue", queue)).get("redriven").intValue()).isEqualTo(1);
        go.countDown();
        jobs.await(4);
        assertThat(jobs.data().stream().map(each -> RawJson.of(each).toTree().get("n").intValue()))
                .containsExactly(1, 2, 3, 1);
    }

    /** 7: safe under concurrency, and each call counts what it moved. */
    @Test
    void shouldMoveEachDeadLetterOnceHoweverManyRedrive() {
        Jobs.define(worker, queue, "{\"concurrency\":20,\"max_attempts\":1}");
        List<Integer> again = new ArrayList<>();
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (number <= 40) {
                throw new IllegalStateException("boom");
            }
            synchronized (again) {
                again.add(data.toTree().get("n").intValue());
            }
        });
        IntStream.range(0, 40).forEach(n -> worker.enqueue(queue, function, Map.of("n", n)));
        awaitDeadLetters(queue, 40);
        List<CompletableFuture<Integer>> moved = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> Jobs.call(worker, "iii::queue::redrive", Map.of("queue", queue)).get("redriven").intValue()))
                .limit(4)
                .toList();
        assertThat(moved.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(40);
        jobs.await(80);
        assertThat(jobs.staysAt(80, Duration.ofMillis(300))).isTrue();
        assertThat(again).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).boxed().toList());
    }

    /** 6.1: also when it goes in good order. */
    @Test
    void shouldKeepMessagesForAWorkerThatWasClosed() {
        Worker subscriber = Jobs.connect(engine, "subscriber");
        Jobs.serve(subscriber, function);
        subscriber.bind(Trigger.queue(queue).to(function));
        Jobs.call(subscriber, "engine::queue::list_topics", Map.of());
        subscriber.close();
        Jobs.call(worker, "iii::durable::publish", Map.of("topic", queue, "data", 1));
        Jobs jobs = Jobs.serve(worker, function);
        worker.bind(Trigger.queue(queue).to(function));
        assertThat(jobs.await(1).data()).containsExactly("1");
    }

    /** 7: also when no subscriber is connected; and only the one that failed gets it again. */
    @Test
    void shouldReachDeadLettersOfATopicWhileNobodyIsThere() {
        Worker subscriber = Jobs.connect(engine, "subscriber");
        Jobs.serve(subscriber, function, (data, number) -> {
            throw new IllegalStateException("boom");
        });
        subscriber.bind(Trigger.queue(queue).with("max_attempts", 1).to(function));
        Jobs.call(subscriber, "iii::durable::publish", Map.of("topic", queue, "data", 1));
        awaitDeadLetters(queue, 1);
        subscriber.close();
        Awaitility.await().until(() -> Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", queue))
                        .get("consumer_count")
                        .intValue()
                == 0);
        assertThat(deadLetters(queue)).isEqualTo(1);
        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("queue", queue)).get("redriven").intValue()).isEqualTo(1);
        Jobs jobs = Jobs.serve(worker, function);
        assertThat(jobs.await(1).data()).containsExactly("1");
    }

    /** 6.4. */
    @Test
    void shouldDropTheLateAnswerOfADeliveryThatTimedOut() {
        Jobs.define(worker, queue, "{\"timeout_ms\":150,\"max_attempts\":2,\"backoff_ms\":10}");
        try (RawWorker late = engine.worker("late").serve(function)) {
            worker.enqueue(queue, function, 1);
            JsonNode first = late.called(function);
            JsonNode second = late.called(function);
            late.answer(first, "null");
            late.fail(second, "boom");
            awaitDeadLetters(queue, 1);
            JsonNode letter = Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", queue)).get(0);
            assertThat(letter.get("retries").intValue()).isEqualTo(2);
        }
    }

    /** 3.3. */
    @Test
    void shouldAskTheConditionInTheNamespaceOfTheSubscriptionWithTheMessageOnly() {
        try (RawWorker orders = RawWorker.connect(engine.gateway().url()).announce("orders", "\"namespace\":\"orders\"")) {
            orders.serve(function).serve(function + "-if");
            orders.trigger(
                    Jobs.unique("t"),
                    "durable:subscriber",
                    function,
                    "{\"topic\":\"" + queue + "\",\"condition_function_id\":\"" + function + "-if\"}",
                    ",\"namespace\":\"orders\",\"metadata\":{\"m\":1}");
            orders.call("engine::registered-triggers::list", "{}");
            Jobs.call(worker, "iii::durable::publish", Map.of("topic", queue, "data", 5));
            JsonNode asked = orders.called(function + "-if");
            assertThat(asked.get("data")).hasToString("5");
            assertThat(asked.hasNonNull("metadata")).isFalse();
            orders.answer(asked, "null");
            JsonNode told = orders.called(function);
            assertThat(told.get("metadata")).hasToString("{\"m\":1}");
            orders.answer(told, "null");
        }
    }
}
