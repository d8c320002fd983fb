package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Named queues, as seen by users (spec: queue.md section 15). */
@Timeout(60)
class QueueAcceptanceTest {

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

    /** 1. */
    @Test
    void shouldDeliverExactlyTheDataFromTheDefaultQueue() {
        Jobs jobs = Jobs.serve(worker, function);

        String receipt = worker.enqueue("default", function, RawJson.of("{\"b\":1.50,\"a\":[null]}"));

        assertThat(UUID.fromString(receipt)).isNotNull();
        assertThat(jobs.await(1).data()).containsExactly("{\"b\":1.50,\"a\":[null]}");
    }

    /** 2. */
    @Test
    void shouldRefuseUnknownQueuesAndPayloadsWithoutGroup() {
        Jobs.define(worker, queue, "{\"type\":\"fifo\",\"message_group_field\":\"user_id\"}");
        assertThatThrownBy(() -> worker.enqueue("nowhere", function, 1)).hasMessageContaining("not found");
        assertThatThrownBy(() -> worker.enqueue(queue, function, Map.of())).hasMessageContaining("user_id");
        assertThatThrownBy(() -> worker.enqueue(queue, function, RawJson.of("{\"user_id\":null}")))
                .hasMessageContaining("null");
    }

    /** 4. */
    @Test
    void shouldDoubleTheBackOff() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            throw new IllegalStateException("boom");
        });
        Jobs.define(worker, queue, "{\"max_retries\":3,\"backoff_ms\":50}");
        worker.enqueue(queue, function, 1);

        List<Long> gaps = jobs.await(4).gaps();
        assertThat(gaps.get(0)).isGreaterThanOrEqualTo(50L);
        assertThat(gaps.get(1)).isGreaterThanOrEqualTo(100L);
        assertThat(gaps.get(2)).isGreaterThanOrEqualTo(200L);
    }

    /** 6.3: of several jobs, so that a machine that is busy for a moment does not count. */
    @Test
    void shouldNotBeLateByMoreThanAFewMomentsAfterABackOff() {
        long[] least = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
        Jobs.define(worker, queue, "{\"max_retries\":3,\"backoff_ms\":50}");
        for (int i = 0; i < 10 && !(least[0] <= 200 && least[1] <= 250 && least[2] <= 350); i++) {
            String each = Jobs.unique("late");
            Jobs jobs = Jobs.serve(worker, each, (data, number) -> {
                throw new IllegalStateException("boom");
            });
            worker.enqueue(queue, each, i);
            List<Long> gaps = jobs.await(4).gaps();
            for (int gap = 0; gap < least.length; gap++) {
                least[gap] = Math.min(least[gap], gaps.get(gap));
            }
        }
        assertThat(least[0]).isBetween(50L, 200L);
        assertThat(least[1]).isBetween(100L, 250L);
        assertThat(least[2]).isBetween(200L, 350L);
    }

    /** 6. */
    @Test
    void shouldKeepTheOrderOfAGroupThroughARetry() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (number == 1) {
                throw new IllegalStateException("once");
            }
        });
        Jobs.define(worker, queue, "{\"type\":\"fifo\",\"message_group_field\":\"g\",\"backoff_ms\":50}");
        for (int i = 0; i < 5; i++) {
            worker.enqueue(queue, function, RawJson.of("{\"g\":1,\"i\":" + i + "}"));
        }

        assertThat(jobs.await(6).data()).extracting(each -> each.charAt(each.length() - 2)).containsExactly('0', '0', '1', '2', '3', '4');
    }

    /** 7. */
    @Test
    void shouldRunGroupsBesideEachOther() {
        CyclicBarrier together = new CyclicBarrier(2); // one of each group
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> together.await(10, TimeUnit.SECONDS));
        Jobs.define(worker, queue, "{\"type\":\"fifo\",\"message_group_field\":\"g\"}");
        for (int i = 0; i < 3; i++) {
            worker.enqueue(queue, function, RawJson.of("{\"g\":\"a\",\"i\":" + i + "}"));
            worker.enqueue(queue, function, RawJson.of("{\"g\":\"b\",\"i\":" + i + "}"));
        }

        List<String> data = jobs.await(6).data();
        assertThat(jobs.mostRunning()).isEqualTo(2);
        for (String group : List.of("\"a\"", "\"b\"")) {
            assertThat(data.stream().filter(each -> each.contains(group)).toList()).isSorted();
        }
    }

    /** 8. */
    @Test
    void shouldRunNoMoreAtOnceThanAgreed() {
        CountDownLatch asked = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue());
        Jobs.define(worker, queue, "{\"concurrency\":3}");
        for (int i = 0; i < 6; i++) {
            worker.enqueue(queue, function, i);
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> jobs.mostRunning() == 3);
        // Whoever counts them has taken on all six.
        assertThat(Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", queue)).get("depth").intValue())
                .isEqualTo(6);
        asked.countDown();
        jobs.await(6);
        assertThat(jobs.mostRunning()).isEqualTo(3);
    }

    /** 13. */
    @Test
    void shouldDeliverAgainWhatAWorkerTookWithIt() {
        try (RawWorker first = engine.worker("first").serve(function)) {
            worker.enqueue("default", function, "job");
            first.called(function);
            first.cut();
        }
        Jobs jobs = Jobs.serve(worker, function);

        assertThat(jobs.await(1).data()).containsExactly("\"job\"");
    }

    /** 15. */
    @Test
    void shouldWaitForSomebodyWhoServesTheFunctionAndLetOthersPass() {
        Jobs.define(worker, queue, "{\"concurrency\":1,\"max_retries\":0}");
        worker.enqueue(queue, function, "early");
        String other = Jobs.unique("g");
        Jobs others = Jobs.serve(worker, other);
        worker.enqueue(queue, other, "passes");
        others.await(1);

        Jobs late = Jobs.serve(worker, function);
        assertThat(late.await(1).data()).containsExactly("\"early\"");
    }

    /** 15., with the count: however long it waits, looked at again and again, it has not used an attempt. */
    @Test
    void shouldNotCountTheTimeWithoutATargetAsAttempts() {
        Jobs.define(worker, queue, "{\"max_retries\":0,\"deliver_info\":true}");
        String receipt = worker.enqueue(queue, function, 1);
        Map<String, String> job = Map.of("queue", queue, "message_id", receipt);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < end) {
            JsonNode found = Jobs.call(worker, "iii::queue::job", job);
            assertThat(found.get("status").textValue()).isEqualTo("held");
            assertThat(found.get("attempts").intValue()).isZero();
        }
        try (RawWorker late = engine.worker("late").serve(function)) {
            JsonNode call = late.called(function);
            assertThat(call.at("/metadata/iii_delivery/attempt").intValue()).isEqualTo(1);
            late.answer(call, "null");
        }
    }

    /** 18. */
    @Test
    void shouldRunInTheNamespaceOfTheCall() {
        Jobs here = Jobs.serve(worker, function);
        try (RawWorker orders = engine.connect().announce("orders", "\"runtime\":\"node\",\"namespace\":\"orders\"")) {
            orders.serve(function);
            worker.call(function).namespace("orders").data("there").enqueue("default");
            worker.enqueue("default", function, "here");

            JsonNode call = orders.called(function);
            assertThat(call.get("data").textValue()).isEqualTo("there");
            orders.answer(call, "null");
            assertThat(here.await(1).data()).containsExactly("\"here\"");
        }
    }

    /** 20., and 14. for the keeper. */
    @Test
    void shouldKeepDefinitionsAndJobsThroughARestartOfTheKeeper() {
        Map<String, Object> definition = Map.of("queue", queue, "config", Map.of("concurrency", 2));
        assertThat(Jobs.call(worker, "queue::define", definition).get("changed").booleanValue()).isTrue();
        assertThat(Jobs.call(worker, "queue::define", definition).get("changed").booleanValue()).isFalse();
        for (int i = 0; i < 5; i++) {
            worker.enqueue(queue, function, i);
        }
        engine.restartKeeper(false);

        Jobs jobs = Jobs.serve(worker, function);
        assertThat(jobs.await(5, Duration.ofSeconds(30)).data()).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
        assertThat(Jobs.call(worker, "queue::define", definition).get("changed").booleanValue()).isFalse();
    }
}
