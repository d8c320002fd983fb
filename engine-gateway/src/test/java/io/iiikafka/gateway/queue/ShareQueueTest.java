package io.iiikafka.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.job.Handovers;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues with a topic of their own, as users see them (spec: queue.md 13.2). */
@Timeout(90)
class ShareQueueTest {

    private static final TestEngine ENGINE = TestEngine.shared();

    @AutoClose
    private final Worker worker = Jobs.connect(ENGINE, "worker");

    private final SharedQueue shared = new SharedQueue(ENGINE, worker, Jobs.unique("q"));
    private final String function = Jobs.unique("f");

    /** Until the keeper knows of a job that a gateway runs. */
    private void awaitActive() {
        Map<String, Object> active = Map.of("queue", shared.name(), "state", "active");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Jobs.call(worker, "iii::queue::list", active).size() == 1);
    }

    @Test
    void shouldDeliverWhatIsEnqueuedAsARecordOfTheTopic() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define("");

        String receipt = worker.enqueue(shared.name(), function, RawJson.of("{\"b\":1.50,\"a\":[null]}"));

        assertThat(jobs.await(1).data()).containsExactly("{\"b\":1.50,\"a\":[null]}");
        ConsumerRecord<String, String> record = records(1).getFirst();
        assertThat(record.value()).isEqualTo("{\"b\":1.50,\"a\":[null]}");
        assertThat(text(record, "iii_receipt")).isEqualTo(receipt);
        assertThat(text(record, "iii_function")).isEqualTo(function);
        assertThat(text(record, "ce_id")).isEqualTo(receipt);
        shared.awaitDepth(0);
        assertThat(jobs.staysAt(1, Duration.ofMillis(500))).isTrue();
    }

    private static String text(ConsumerRecord<String, String> record, String header) {
        return new String(record.headers().lastHeader(header).value(), UTF_8);
    }

    /** As {@code kafka-console-consumer --from-beginning} would read them. */
    private List<ConsumerRecord<String, String>> records(int count) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            Set<TopicPartition> partitions = Set.of(new TopicPartition(shared.topic(), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
            });
            return records;
        }
    }

    @Test
    void shouldRepeatAFailedJobAndLayItAsideInTheEnd() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            throw new IllegalStateException("boom");
        });
        shared.define(",\"max_retries\":2,\"backoff_ms\":50,\"deliver_info\":true");

        String receipt = worker.enqueue(shared.name(), function, "bad");

        List<Long> gaps = jobs.await(3).gaps();
        assertThat(gaps.get(0)).isGreaterThanOrEqualTo(50);
        assertThat(gaps.get(1)).isGreaterThanOrEqualTo(100);
        JsonNode letter = shared.deadLetters(1).getFirst();
        assertThat(letter.get("id").textValue()).isEqualTo(receipt);
        assertThat(letter.get("retries").intValue()).isEqualTo(3);
        assertThat(letter.get("error").textValue()).contains("boom");
        assertThat(jobs.staysAt(3, Duration.ofMillis(500))).isTrue();
        shared.awaitDepth(0);
    }

    @Test
    void shouldLetOthersPassASlowJob() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs slow = Jobs.serve(worker, function, (data, number) -> free.await(30, TimeUnit.SECONDS));
        String other = Jobs.unique("g");
        Jobs fast = Jobs.serve(worker, other);
        shared.define("");
        worker.enqueue(shared.name(), function, "slow");
        slow.await(1);

        for (int i = 0; i < 20; i++) {
            worker.enqueue(shared.name(), other, i);
            fast.await(i + 1, Duration.ofSeconds(5));
        }
        assertThat(slow.seen()).hasSize(1);
        free.countDown();
        shared.awaitDepth(0);
        assertThat(slow.staysAt(1, Duration.ofMillis(500))).isTrue();
        assertThat(shared.stats().get("delayed").intValue()).isZero();
    }

    @Test
    void shouldShowASlowJobAsOneThatRuns() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs.serve(worker, function, (data, number) -> free.await(30, TimeUnit.SECONDS));
        shared.define("");
        worker.enqueue(shared.name(), function, "slow");

        awaitActive();
        shared.awaitDepth(1);
        assertThat(shared.stats().get("delayed").intValue()).isZero();
        free.countDown();
    }

    @Test
    void shouldRepeatASlowJobThatFailsInTheEnd() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (number == 1) { // so long that the keeper has it
                awaitActive();
            }
            throw new IllegalStateException("boom");
        });
        shared.define(",\"max_retries\":1,\"backoff_ms\":50");

        worker.enqueue(shared.name(), function, "bad");

        JsonNode letter = shared.deadLetters(1).getFirst();
        assertThat(letter.get("retries").intValue()).isEqualTo(2);
        assertThat(jobs.data()).hasSize(2);
    }

    @Test
    void shouldRunNoMoreAtOnceThanAgreed() {
        CountDownLatch asked = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue());
        shared.define(",\"concurrency\":4");
        for (int i = 0; i < 12; i++) {
            worker.enqueue(shared.name(), function, i);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> jobs.mostRunning() == 3); // one is the keeper's
        assertThat(jobs.staysAt(3, Duration.ofSeconds(1))).isTrue();
        asked.countDown();
        jobs.await(12);
        assertThat(jobs.mostRunning()).isLessThanOrEqualTo(4);
        assertThat(Set.copyOf(jobs.data())).hasSize(12);
        assertThat(jobs.staysAt(12, Duration.ofMillis(500))).isTrue();
    }

    @Test
    void shouldLetAHandlerHaveMoreTime() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(30, TimeUnit.SECONDS));
        shared.define(",\"timeout_ms\":5000");
        String receipt = worker.enqueue(shared.name(), function, "long");
        jobs.await(1);

        assertThat(extended(worker, receipt, 20_000)).isEqualTo(1);
        assertThat(jobs.staysAt(1, Duration.ofSeconds(8))).isTrue();
        free.countDown();
        shared.awaitDepth(0);
        assertThat(extended(worker, receipt, 20_000)).isZero();
        assertThat(shared.stats().get("dlq_depth").intValue()).isZero();
    }

    private static int extended(Worker asking, String receipt, long ms) {
        return Jobs.call(asking, "iii::queue::extend", Map.of("message_id", receipt, "ms", ms)).get("extended").intValue();
    }

    @Test
    void shouldTellHandlersOfTheDelivery() {
        shared.define(",\"deliver_info\":true,\"max_retries\":2,\"backoff_ms\":50,\"timeout_ms\":60000");
        try (RawWorker raw = ENGINE.worker("raw").serve(function)) {
            long before = System.currentTimeMillis();
            String receipt = worker.enqueue(shared.name(), function, "job");
            Set<Long> enqueued = new HashSet<>();
            for (int attempt = 1; attempt <= 2; attempt++) {
                JsonNode call = raw.called(function);
                JsonNode told = call.at("/metadata/iii_delivery");
                assertThat(told.get("receipt").textValue()).isEqualTo(receipt);
                assertThat(told.get("queue").textValue()).isEqualTo(shared.name());
                assertThat(told.get("attempt").intValue()).isEqualTo(attempt);
                assertThat(told.get("max_attempts").intValue()).isEqualTo(3);
                assertThat(told.get("enqueued_at").longValue()).isBetween(before, System.currentTimeMillis());
                enqueued.add(told.get("enqueued_at").longValue());
                assertThat(told.get("deadline").longValue()).isGreaterThan(before + 60_000);
                if (attempt == 1) {
                    raw.fail(call, "boom");
                } else {
                    raw.answer(call, "null");
                }
            }
            assertThat(enqueued).as("the same for the keeper").hasSize(1);
        }
    }

    @Test
    void shouldRepeatAJobThatIsNotAnsweredInTimeAndDropItsLateAnswer() {
        shared.define(",\"timeout_ms\":500,\"max_retries\":1,\"backoff_ms\":50");
        try (RawWorker raw = ENGINE.worker("raw").serve(function)) {
            worker.enqueue(shared.name(), function, "job");
            JsonNode first = raw.called(function);
            raw.called(function);

            JsonNode letter = shared.deadLetters(1).getFirst();
            assertThat(letter.get("error").textValue()).startsWith("timeout: ");
            assertThat(letter.get("retries").intValue()).isEqualTo(2);
            raw.answer(first, "null");
            assertThat(raw.pollCall(Duration.ofMillis(500))).isEmpty();
            assertThat(shared.stats().get("dlq_depth").intValue()).isEqualTo(1);
            shared.awaitDepth(0);
        }
    }

    @Test
    void shouldRunAJobOnceWhoseQueueLosesItsTopicMeanwhile() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(60, TimeUnit.SECONDS));
        shared.define("");
        worker.enqueue(shared.name(), function, "slow");
        jobs.await(1);
        Jobs.define(worker, shared.name(), "{}");

        assertThat(jobs.staysAt(1, Duration.ofMillis(Handovers.LEASE_MS + 5_000))).isTrue();
        free.countDown();
        shared.awaitDepth(0);
    }

    @Test
    void shouldHoldAJobUntilSomebodyServesIt() {
        shared.define(",\"max_retries\":0");
        worker.enqueue(shared.name(), function, "early");
        String other = Jobs.unique("g");
        Jobs others = Jobs.serve(worker, other);
        worker.enqueue(shared.name(), other, "passes");
        others.await(1);

        Jobs late = Jobs.serve(worker, function);
        assertThat(late.await(1).data()).containsExactly("\"early\"");
    }

    @Test
    void shouldDeliverAgainWhatAWorkerTookWithIt() {
        shared.define("");
        try (RawWorker first = ENGINE.worker("first").serve(function)) {
            worker.enqueue(shared.name(), function, "job");
            first.called(function);
            first.cut();
        }
        Jobs jobs = Jobs.serve(worker, function);

        assertThat(jobs.await(1).data()).containsExactly("\"job\"");
        assertThat(jobs.staysAt(1, Duration.ofMillis(500))).isTrue();
    }

    @Test
    void shouldDelayAJobThatSaysSo() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define("");
        long began = System.nanoTime();
        worker.trigger("iii::queue::enqueue", Map.of(
                "queue", shared.name(), "function_id", function, "data", 1, "options", Map.of("delay_ms", 3_000)));
        JsonNode plain = Jobs.call(worker, "iii::queue::enqueue", Map.of("queue", shared.name(), "function_id", function, "data", 2));

        assertThat(UUID.fromString(plain.get("messageReceiptId").textValue())).isNotNull();
        assertThat(jobs.await(2).data()).containsExactly("2", "1");
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(records(1)).hasSize(1);
    }

    @Test
    void shouldRefuseWhatATopicCannotKeep() {
        for (String config : List.of(
                "\"type\":\"fifo\",\"message_group_field\":\"g\"",
                "\"rate_limit\":{\"max\":1,\"per_ms\":1000}",
                "\"result_retention_ms\":1000",
                "\"concurrency\":1")) {
            assertThatThrownBy(() -> shared.define("," + config)).hasMessageContaining("share_group");
        }
        SharedQueue unnameable = new SharedQueue(ENGINE, worker, "white space");
        assertThatThrownBy(() -> unnameable.define("")).hasMessageContaining("share_group");
    }
}
