package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue with a topic that two gateways read (spec: queue.md 13.2). */
@Timeout(180)
class ShareQueueOfTwoTest {

    @Test
    void shouldLetAHandlerHaveMoreTimeWhoseJobAnotherGatewayHasRead() {
        CountDownLatch free = new CountDownLatch(1);
        String queue = Jobs.unique("q");
        String function = Jobs.unique("f");
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "worker");
                Worker other = Jobs.connect(engine.addGateway().url(), "other")) {
            Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(170, TimeUnit.SECONDS));
            Jobs.define(worker, queue, "{\"share_group\":true,\"timeout_ms\":30000,\"concurrency\":40}");
            List<String> receipts = IntStream.range(0, 8).mapToObj(i -> worker.enqueue(queue, function, i)).toList();
            jobs.await(8); // each of the two gateways has read some
            Map<String, Object> active = Map.of("queue", queue, "state", "active");
            Awaitility.await().until(() -> Jobs.call(other, "iii::queue::list", active).size() == 8);

            for (String receipt : receipts) {
                assertThat(Jobs.call(other, "iii::queue::extend", Map.of("message_id", receipt, "ms", 120_000))
                                .get("extended").intValue())
                        .isEqualTo(1);
            }
            assertThat(jobs.staysAt(8, Duration.ofSeconds(33))).isTrue();
            free.countDown();
            Awaitility.await().until(() -> Jobs.call(other, "iii::queue::list", active).isEmpty());
            assertThat(Jobs.call(other, "engine::queue::topic_stats", Map.of("topic", queue)).get("dlq_depth").intValue())
                    .isZero();
        }
    }

    @Test
    void shouldNotWaitAnyMoreForAWorkerOfAnotherGatewayWhenAJobHasHadItsTime() {
        CountDownLatch free = new CountDownLatch(1);
        String queue = Jobs.unique("q");
        String function = Jobs.unique("f");
        try (TestEngine engine = TestEngine.start();
                Worker asker = Jobs.connect(engine, "asker");
                Worker worker = Jobs.connect(engine.addGateway().url(), "worker")) {
            Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(170, TimeUnit.SECONDS));
            engine.awaitServed(function);
            Jobs.define(asker, queue, "{\"share_group\":true,\"timeout_ms\":3000,\"max_retries\":0,\"concurrency\":40}");
            AtomicInteger enqueued = new AtomicInteger();
            Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).until(() -> {
                asker.enqueue(queue, function, "x".repeat(100_000));
                return jobs.await(enqueued.incrementAndGet()).seen().size() > 2
                        && engine.gateway().gateway().pendingCalls() > 0; // the first gateway has read some
            });

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Jobs.call(
                                    asker, "engine::queue::topic_stats", Map.of("topic", queue))
                            .get("dlq_depth")
                            .intValue()
                    == enqueued.get());
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> engine.gateway().gateway().pendingCalls() == 0);
            assertThat(jobs.seen()).hasSize(enqueued.get()).allMatch(each -> each.endedAfterMs().get() < 0);
            free.countDown();
        }
    }

    @Test
    void shouldRunEachJobOfSeveralPartitionsOnce() {
        String queue = Jobs.unique("q");
        String function = Jobs.unique("f");
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "worker")) {
            engine.addGateway();
            Jobs jobs = Jobs.serve(worker, function);
            Jobs.define(worker, queue, "{\"share_group\":true,\"partitions\":4,\"concurrency\":20}");
            List<String> all = IntStream.range(0, 60).mapToObj(Integer::toString).toList();
            all.forEach(each -> worker.enqueue(queue, function, Integer.valueOf(each)));

            assertThat(jobs.await(60).data()).containsExactlyInAnyOrderElementsOf(all);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Jobs.call(
                            worker, "engine::queue::topic_stats", Map.of("topic", queue)).get("depth").intValue() == 0);
            assertThat(jobs.staysAt(60, Duration.ofMillis(500))).isTrue();
        }
    }

    @Test
    void shouldRunElsewhereWhatAGatewayFullOfLongJobsHasRead() {
        CountDownLatch free = new CountDownLatch(1);
        String queue = Jobs.unique("q");
        String function = Jobs.unique("f");
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "worker")) {
            Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
                if (data.toString().equals("\"long\"")) {
                    free.await(170, TimeUnit.SECONDS);
                }
            });
            Jobs.define(worker, queue, "{\"share_group\":true,\"concurrency\":5}"); // 4 for gateways
            for (int i = 0; i < 3; i++) {
                worker.enqueue(queue, function, "long");
            }
            jobs.await(3);
            worker.trigger("iii::queue::pause", Map.of("queue", queue));
            for (Object data : List.of("long", 1, 2, 3)) { // read at once, with one place left
                worker.enqueue(queue, function, data);
            }
            worker.trigger("iii::queue::resume", Map.of("queue", queue));
            jobs.await(4);
            engine.addGateway();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> jobs.data().containsAll(List.of("1", "2", "3")));
            assertThat(free.getCount()).isEqualTo(1);
            free.countDown();
        }
    }
}
