package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is counted of queues and subscriptions (spec: queue.md 9). */
class QueueMetersTest {

    /** Records that wait in a topic are counted every few seconds. */
    private static final Duration COUNTED = Duration.ofSeconds(20);

    private static double value(SimpleMeterRegistry meters, String name, String queue, String subscription) {
        return meters.get("iii.queue." + name).tags("queue", queue, "subscription", subscription).meter().measure()
                .iterator().next().getValue();
    }

    @Test
    void shouldCountWhatBecomesOfJobs() throws Exception {
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "meters")) {
            SimpleMeterRegistry meters = engine.keeperMeters();
            CountDownLatch go = new CountDownLatch(1);
            Jobs slow = Jobs.serve(worker, "meters::slow", (data, number) -> go.await(20, TimeUnit.SECONDS));
            Jobs bad = Jobs.serve(worker, "meters::bad", (data, number) -> {
                throw new IllegalStateException("boom");
            });
            Jobs.define(worker, "metered", "{\"concurrency\":1,\"max_attempts\":2,\"backoff_ms\":20}");
            worker.enqueue("metered", "meters::slow", Map.of());
            slow.await(1);
            worker.enqueue("metered", "meters::bad", Map.of());
            worker.trigger("iii::queue::enqueue", RawJson.of("{\"queue\":\"metered\",\"function_id\":\"meters::slow\","
                    + "\"data\":1,\"options\":{\"delay_ms\":3600000}}").toTree());
            Awaitility.await().untilAsserted(() -> {
                assertThat(value(meters, "depth", "metered", "")).isEqualTo(2);
                assertThat(value(meters, "delayed", "metered", "")).isEqualTo(1);
                assertThat(value(meters, "in_flight", "metered", "")).isEqualTo(1);
                assertThat(value(meters, "oldest", "metered", "")).isPositive();
            });

            go.countDown();
            bad.await(2);
            Awaitility.await().untilAsserted(() -> assertThat(value(meters, "dead_lettered", "metered", "")).isEqualTo(1));
            assertThat(value(meters, "enqueued", "metered", "")).isEqualTo(3);
            assertThat(value(meters, "wait", "metered", "")).as("deliveries").isEqualTo(3);
            assertThat(value(meters, "delivery", "metered", "")).as("answers").isEqualTo(3);
            assertThat(value(meters, "succeeded", "metered", "")).isEqualTo(1);
            assertThat(value(meters, "failed", "metered", "")).isEqualTo(2);
            assertThat(value(meters, "retried", "metered", "")).isEqualTo(1);
            assertThat(value(meters, "in_flight", "metered", "")).isZero();
            assertThat(value(meters, "depth", "metered", "")).isZero();
            assertThat(meters.get("iii.queue.delivery").tags("queue", "metered").timer().max(TimeUnit.MILLISECONDS))
                    .isPositive();

            engine.restartKeeper(true);
            Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", "metered"));
            assertThat(value(meters, "delayed", "metered", "")).as("the same job is not counted twice").isEqualTo(1);
        }
    }

    @Test
    void shouldCountWhatGatewaysRunThemselves() {
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "meters")) {
            SimpleMeterRegistry meters = engine.keeperMeters();
            CountDownLatch go = new CountDownLatch(1);
            Jobs quick = Jobs.serve(worker, "meters::quick");
            Jobs slow = Jobs.serve(worker, "meters::slow", (data, number) -> go.await(60, TimeUnit.SECONDS));
            Jobs bad = Jobs.serve(worker, "meters::bad", (data, number) -> {
                throw new IllegalStateException("boom");
            });
            Jobs.define(worker, "shared", "{\"share_group\":true,\"concurrency\":5,\"max_attempts\":2,\"backoff_ms\":20}");
            worker.enqueue("shared", "meters::quick", 1);
            quick.await(1);
            worker.enqueue("shared", "meters::bad", 2);
            bad.await(2);
            worker.enqueue("shared", "meters::slow", 3);
            slow.await(1);
            Awaitility.await().atMost(COUNTED).untilAsserted(() -> {
                assertThat(value(meters, "in_flight", "shared", "")).isEqualTo(1);
                assertThat(value(meters, "depth", "shared", "")).isEqualTo(1);
                assertThat(value(meters, "delayed", "shared", "")).isZero();
                assertThat(value(meters, "oldest", "shared", "")).isPositive();
            });

            go.countDown();
            Awaitility.await().atMost(COUNTED).untilAsserted(() -> {
                assertThat(value(meters, "succeeded", "shared", "")).isEqualTo(2);
                assertThat(value(meters, "in_flight", "shared", "")).isZero();
                assertThat(value(meters, "depth", "shared", "")).isZero();
            });
            assertThat(value(meters, "enqueued", "shared", "")).isEqualTo(3);
            assertThat(value(meters, "wait", "shared", "")).as("deliveries").isEqualTo(4);
            assertThat(value(meters, "delivery", "shared", "")).as("answers").isEqualTo(4);
            assertThat(value(meters, "failed", "shared", "")).isEqualTo(2);
            assertThat(value(meters, "retried", "shared", "")).isEqualTo(1);
            assertThat(value(meters, "dead_lettered", "shared", "")).isEqualTo(1);

            worker.trigger("iii::queue::pause", Map.of("queue", "shared"));
            worker.enqueue("shared", "meters::quick", 4);
            worker.enqueue("shared", "meters::quick", 5);
            Awaitility.await().atMost(COUNTED).until(() -> value(meters, "depth", "shared", "") == 2);
            worker.trigger("iii::queue::resume", Map.of("queue", "shared"));
            quick.await(3);
            Awaitility.await().atMost(COUNTED).until(() -> value(meters, "depth", "shared", "") == 0);
            assertThat(value(meters, "enqueued", "shared", "")).isEqualTo(5);
        }
    }

    @Test
    void shouldCountEachSubscriptionByItself() {
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "meters")) {
            Jobs one = Jobs.serve(worker, "meters::one");
            Jobs two = Jobs.serve(worker, "meters::two");
            for (String function : new String[] {"meters::one", "meters::two"}) {
                worker.bind(Trigger.queue("a/b").to(function));
            }
            worker.trigger("iii::durable::publish", Map.of("topic", "a/b", "data", 1));
            one.await(1);
            two.await(1);
            for (String function : new String[] {"meters::one", "meters::two"}) {
                Awaitility.await().untilAsserted(() -> assertThat(
                                value(engine.keeperMeters(), "succeeded", "a/b", "default/" + function))
                        .isEqualTo(1));
            }
        }
    }

    @Test
    void shouldCountTogetherWhatComesAfterAThousandNames() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        QueueMeters watch = new QueueMeters(meters);
        for (int i = 0; i < 1_010; i++) {
            watch.of(EntryKey.queue("q" + i)).enqueued();
        }
        watch.of(EntryKey.queue("q3")).enqueued();
        assertThat(value(meters, "enqueued", "q3", "")).isEqualTo(2);
        assertThat(value(meters, "enqueued", "(others)", "(others)")).isEqualTo(10);
    }
}
