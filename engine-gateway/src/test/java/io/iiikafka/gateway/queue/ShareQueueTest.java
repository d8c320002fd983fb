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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.job.Handovers;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues with a topic of their own, as users and other applications see them (spec: queue.md 13.2). */
@Timeout(90)
class ShareQueueTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final Worker worker = Jobs.connect(engine, "worker");

    private String queue = Jobs.unique("q");
    private final String function = Jobs.unique("f");

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private void define(String more) {
        Jobs.define(worker, queue, "{\"share_group\":true" + more + "}");
    }

    private String topic() {
        return engine.topics().queue(queue);
    }

    /** As any application would write it. */
    private void produce(String value, Map<String, String> headers) {
        produce(null, value, headers);
    }

    private void produce(@Nullable Integer partition, String value, Map<String, String> headers) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>(topic(), partition, null, value);
            headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
            producer.send(record).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<JsonNode> deadLetters(int count) {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).until(
                () -> {
                    JsonNode letters = Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", queue));
                    return IntStream.range(0, letters.size()).mapToObj(letters::get).toList();
                },
                letters -> letters.size() == count);
    }

    private JsonNode stats() {
        return Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", queue));
    }

    /** Until the keeper knows of a job that a gateway runs. */
    private void awaitActive() {
        Map<String, Object> active = Map.of("queue", queue, "state", "active");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> Jobs.call(worker, "iii::queue::list", active).size() == 1);
    }

    @Test
    void shouldDeliverWhatIsEnqueuedAsARecordOfTheTopic() {
        Jobs jobs = Jobs.serve(worker, function);
        define("");

        String receipt = worker.enqueue(queue, function, RawJson.of("{\"b\":1.50,\"a\":[null]}"));

        assertThat(jobs.await(1).data()).containsExactly("{\"b\":1.50,\"a\":[null]}");
        ConsumerRecord<String, String> record = records(1).getFirst();
        assertThat(record.value()).isEqualTo("{\"b\":1.50,\"a\":[null]}");
        assertThat(text(record, "iii_receipt")).isEqualTo(receipt);
        assertThat(text(record, "iii_function")).isEqualTo(function);
        assertThat(text(record, "ce_id")).isEqualTo(receipt);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().get("depth").intValue() == 0);
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
            Set<TopicPartition> partitions = Set.of(new TopicPartition(topic(), 0));
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
        define(",\"max_retries\":2,\"backoff_ms\":50,\"deliver_info\":true");

        String receipt = worker.enqueue(queue, function, "bad");

        List<Long> gaps = jobs.await(3).gaps();
        assertThat(gaps.get(0)).isGreaterThanOrEqualTo(50);
        assertThat(gaps.get(1)).isGreaterThanOrEqualTo(100);
        JsonNode letter = deadLetters(1).getFirst();
        assertThat(letter.get("id").textValue()).isEqualTo(receipt);
        assertThat(letter.get("retries").intValue()).isEqualTo(3);
        assertThat(letter.get("error").textValue()).contains("boom");
        assertThat(jobs.staysAt(3, Duration.ofMillis(500))).isTrue();
        assertThat(stats().get("depth").intValue()).isZero();
    }

    @Test
    void shouldLetOthersPassASlowJob() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs slow = Jobs.serve(worker, function, (data, number) -> free.await(30, TimeUnit.SECONDS));
        String other = Jobs.unique("g");
        Jobs fast = Jobs.serve(worker, other);
        define("");
        worker.enqueue(queue, function, "slow");
        slow.await(1);

        for (int i = 0; i < 20; i++) {
            worker.enqueue(queue, other, i);
            fast.await(i + 1, Duration.ofSeconds(5));
        }
        assertThat(slow.seen()).hasSize(1);
        free.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().get("depth").intValue() == 0);
        assertThat(slow.staysAt(1, Duration.ofMillis(500))).isTrue();
        assertThat(stats().get("delayed").intValue()).isZero();
    }

    @Test
    void shouldShowASlowJobAsOneThatRuns() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs.serve(worker, function, (data, number) -> free.await(30, TimeUnit.SECONDS));
        define("");
        worker.enqueue(queue, function, "slow");

        awaitActive();
        assertThat(stats().get("depth").intValue()).isEqualTo(1);
        assertThat(stats().get("delayed").intValue()).isZero();
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
        define(",\"max_retries\":1,\"backoff_ms\":50");

        worker.enqueue(queue, function, "bad");

        JsonNode letter = deadLetters(1).getFirst();
        assertThat(letter.get("retries").intValue()).isEqualTo(2);
        assertThat(jobs.data()).hasSize(2);
    }

    @Test
    void shouldRunNoMoreAtOnceThanAgreed() {
        CountDownLatch asked = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue());
        define(",\"concurrency\":4");
        for (int i = 0; i < 12; i++) {
            worker.enqueue(queue, function, i);
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> jobs.mostRunning() == 3); // one is the keeper's
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
        define(",\"timeout_ms\":5000");
        String receipt = worker.enqueue(queue, function, "long");
        jobs.await(1);

        assertThat(extended(worker, receipt, 20_000)).isEqualTo(1);
        assertThat(jobs.staysAt(1, Duration.ofSeconds(8))).isTrue();
        free.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().get("depth").intValue() == 0);
        assertThat(extended(worker, receipt, 20_000)).isZero();
        assertThat(stats().get("dlq_depth").intValue()).isZero();
    }

    private static int extended(Worker asking, String receipt, long ms) {
        return Jobs.call(asking, "iii::queue::extend", Map.of("message_id", receipt, "ms", ms)).get("extended").intValue();
    }

    @Test
    void shouldTellHandlersOfTheDelivery() {
        define(",\"deliver_info\":true,\"max_retries\":2,\"backoff_ms\":50,\"timeout_ms\":60000");
        try (RawWorker raw = engine.worker("raw").serve(function)) {
            long before = System.currentTimeMillis();
            String receipt = worker.enqueue(queue, function, "job");
            Set<Long> enqueued = new HashSet<>();
            for (int attempt = 1; attempt <= 2; attempt++) {
                JsonNode call = raw.called(function);
                JsonNode told = call.at("/metadata/iii_delivery");
                assertThat(told.get("receipt").textValue()).isEqualTo(receipt);
                assertThat(told.get("queue").textValue()).isEqualTo(queue);
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
        define(",\"timeout_ms\":500,\"max_retries\":1,\"backoff_ms\":50");
        try (RawWorker raw = engine.worker("raw").serve(function)) {
            worker.enqueue(queue, function, "job");
            JsonNode first = raw.called(function);
            raw.called(function);

            JsonNode letter = deadLetters(1).getFirst();
            assertThat(letter.get("error").textValue()).startsWith("timeout: ");
            assertThat(letter.get("retries").intValue()).isEqualTo(2);
            raw.answer(first, "null");
            assertThat(raw.pollCall(Duration.ofMillis(500))).isEmpty();
            assertThat(stats().get("dlq_depth").intValue()).isEqualTo(1);
            assertThat(stats().get("depth").intValue()).isZero();
        }
    }

    @Test
    void shouldRunWhatWasGivenBackOftenAndLayAsideWhatNobodyEverDealtWith() {
        Jobs jobs = Jobs.serve(worker, function);
        define(",\"paused\":true");
        worker.enqueue(queue, function, "given back");
        giveBack(7);
        define("");
        assertThat(jobs.await(1).data()).containsExactly("\"given back\"");

        define(",\"paused\":true");
        worker.enqueue(queue, function, "poison");
        giveBack(8);
        define("");
        assertThat(deadLetters(1).getFirst().get("error").textValue()).startsWith("delivery_limit: ");
        assertThat(jobs.staysAt(1, Duration.ofMillis(500))).isTrue();
    }

    /** As gateways would that die of the one record each time before they begin with it. Kafka delivers it ten times at most. */
    private void giveBack(int times) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic());
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic()));
            AtomicInteger given = new AtomicInteger();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    given.set(record.deliveryCount().orElseThrow());
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                }
                consumer.commitSync();
                return given.get() >= times;
            });
            assertThat(given.get()).isEqualTo(times);
        }
    }

    @Test
    void shouldRunAndPurgeTheRecordsOfAllPartitions() {
        Jobs jobs = Jobs.serve(worker, function);
        define(",\"partitions\":3,\"function_id\":\"" + function + "\"");
        for (int partition = 0; partition < 3; partition++) {
            produce(partition, Integer.toString(partition), Map.of());
        }
        assertThat(jobs.await(3).data()).containsExactlyInAnyOrder("0", "1", "2");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().get("depth").intValue() == 0);

        worker.trigger("iii::queue::pause", Map.of("queue", queue));
        for (int partition = 0; partition < 3; partition++) {
            produce(partition, "\"purged\"", Map.of());
        }
        assertThat(stats().get("depth").intValue()).isEqualTo(3);
        assertThat(Jobs.call(worker, "iii::queue::purge", Map.of("queue", queue)).get("purged").intValue()).isEqualTo(3);
        worker.trigger("iii::queue::resume", Map.of("queue", queue));
        produce(1, "3", Map.of());
        jobs.await(4);
        assertThat(jobs.data()).doesNotContain("\"purged\"");
    }

    @Test
    void shouldRunRecordsOfOtherApplications() {
        Jobs jobs = Jobs.serve(worker, function);
        String other = Jobs.unique("g");
        Jobs others = Jobs.serve(worker, other);
        define(",\"function_id\":\"" + function + "\"");

        produce("{\"from\":\"elsewhere\"}", Map.of());
        produce("[1]", Map.of("iii_function", other));

        assertThat(jobs.await(1).data()).containsExactly("{\"from\":\"elsewhere\"}");
        assertThat(others.await(1).data()).containsExactly("[1]");
    }

    @Test
    void shouldLayAsideWhatIsNoJob() {
        define("");
        produce("not json", Map.of("iii_function", function));
        produce("{}", Map.of());

        List<JsonNode> letters = deadLetters(2);
        assertThat(letters).extracting(each -> each.get("error").textValue()).allSatisfy(error -> assertThat(error)
                .startsWith("unreadable_record: ")
                .containsAnyOf("is not JSON", "names no function"));
    }

    @Test
    void shouldLayAsideWhatIsTooLargeForTheKeeperAndGoOn() {
        Jobs jobs = Jobs.serve(worker, function);
        define(",\"function_id\":\"" + function + "\"");
        produce("\"" + "x".repeat(800 * 1024) + "\"", Map.of()); // of 1 MiB that the topic takes
        produce("1", Map.of());

        assertThat(jobs.await(1).data()).containsExactly("1");
        assertThat(deadLetters(1).getFirst().get("error").textValue()).startsWith("payload_too_large: ");
    }

    @Test
    void shouldRunAJobOnceWhoseQueueLosesItsTopicMeanwhile() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(60, TimeUnit.SECONDS));
        define("");
        worker.enqueue(queue, function, "slow");
        jobs.await(1);
        Jobs.define(worker, queue, "{}");

        assertThat(jobs.staysAt(1, Duration.ofMillis(Handovers.LEASE_MS + 5_000))).isTrue();
        free.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().get("depth").intValue() == 0);
    }

    @Test
    void shouldHoldAJobUntilSomebodyServesIt() {
        define(",\"max_retries\":0");
        worker.enqueue(queue, function, "early");
        String other = Jobs.unique("g");
        Jobs others = Jobs.serve(worker, other);
        worker.enqueue(queue, other, "passes");
        others.await(1);

        Jobs late = Jobs.serve(worker, function);
        assertThat(late.await(1).data()).containsExactly("\"early\"");
    }

    @Test
    void shouldDeliverAgainWhatAWorkerTookWithIt() {
        define("");
        try (RawWorker first = engine.worker("first").serve(function)) {
            worker.enqueue(queue, function, "job");
            first.called(function);
            first.cut();
        }
        Jobs jobs = Jobs.serve(worker, function);

        assertThat(jobs.await(1).data()).containsExactly("\"job\"");
        assertThat(jobs.staysAt(1, Duration.ofMillis(500))).isTrue();
    }

    @Test
    void shouldKeepJobsWhileTheQueueIsPaused() {
        Jobs jobs = Jobs.serve(worker, function);
        define("");
        worker.trigger("iii::queue::pause", Map.of("queue", queue));
        worker.enqueue(queue, function, 1);
        worker.enqueue(queue, function, 2);

        assertThat(jobs.staysAt(0, Duration.ofSeconds(1))).isTrue();
        assertThat(stats().get("depth").intValue()).isEqualTo(2);
        worker.trigger("iii::queue::resume", Map.of("queue", queue));
        assertThat(jobs.await(2).data()).containsExactlyInAnyOrder("1", "2");
    }

    /** Kafka's client would read on meanwhile, and hold the records longer than they are its. */
    @Test
    void shouldRunOnceWhatIsEnqueuedLongBeforeTheQueueGoesOn() throws Exception {
        Jobs jobs = Jobs.serve(worker, function);
        define("");
        limitLock(15_000); // the shortest that brokers allow
        worker.enqueue(queue, function, 0);
        jobs.await(1);
        worker.trigger("iii::queue::pause", Map.of("queue", queue));
        assertThat(jobs.staysAt(1, Duration.ofSeconds(2))).as("nothing is asked for any more").isTrue();
        worker.enqueue(queue, function, 1);
        worker.enqueue(queue, function, 2);
        assertThat(jobs.staysAt(1, Duration.ofSeconds(18))).isTrue();

        worker.trigger("iii::queue::resume", Map.of("queue", queue));
        assertThat(jobs.await(3).data()).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(jobs.staysAt(3, Duration.ofSeconds(3))).isTrue();
    }

    private void limitLock(int ms) throws Exception {
        ConfigEntry lock = new ConfigEntry("share.record.lock.duration.ms", Integer.toString(ms));
        try (Admin admin = TestBroker.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, topic()),
                            List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    /** There can be no topic of this name, so that no gateway ever has it. */
    @Test
    void shouldPauseAQueueWhoseTopicThisGatewayHasNotOpened() {
        String key = EntryKey.queue("not open");
        ShareGroup share = new ShareGroup(1, 60_000, null);
        engine.put(new CatalogEntry.Queue("not open", false, QueueSettings.DEFAULT.with(share)));
        try {
            for (boolean paused : new boolean[] {true, false}) {
                worker.trigger(paused ? "iii::queue::pause" : "iii::queue::resume", Map.of("queue", "not open"));
                CatalogEntry.Queue entry =
                        (CatalogEntry.Queue) engine.gateway().gateway().catalog().entry(key).entry();
                assertThat(entry.settings().share().paused()).isEqualTo(paused);
            }
        } finally {
            engine.remove(key);
        }
    }

    @Test
    void shouldPurgeWhatWaitsInTheTopic() {
        Jobs jobs = Jobs.serve(worker, function);
        define("");
        worker.trigger("iii::queue::pause", Map.of("queue", queue));
        worker.enqueue(queue, function, 1);
        worker.enqueue(queue, function, 2);

        assertThat(Jobs.call(worker, "iii::queue::purge", Map.of("queue", queue)).get("purged").intValue()).isEqualTo(2);
        worker.trigger("iii::queue::resume", Map.of("queue", queue));
        worker.enqueue(queue, function, 3);
        assertThat(jobs.await(1).data()).containsExactly("3");
    }

    @Test
    void shouldDelayAJobThatSaysSo() {
        Jobs jobs = Jobs.serve(worker, function);
        define("");
        long began = System.nanoTime();
        worker.trigger("iii::queue::enqueue", Map.of(
                "queue", queue, "function_id", function, "data", 1, "options", Map.of("delay_ms", 3_000)));
        JsonNode plain = Jobs.call(worker, "iii::queue::enqueue", Map.of("queue", queue, "function_id", function, "data", 2));

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
            assertThatThrownBy(() -> define("," + config)).hasMessageContaining("share_group");
        }
        queue = "white space";
        assertThatThrownBy(() -> define("")).hasMessageContaining("share_group");
    }
}
