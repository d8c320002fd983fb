package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers of a group: those that come and go while the others are busy, and those whose consumer fails. */
class TopicReaderTest {

    private static final int PARTITIONS = 4;
    private static final KafkaTriggerConfig.From FIRST = new KafkaTriggerConfig.From.Earliest();

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static Admin admin;

    @AutoClose
    private static KafkaProducer<byte[], byte[]> producer;

    private final String topic = "read-" + UUID.randomUUID();
    private final String function = "on-" + topic;
    private final AtomicInteger reads = new AtomicInteger();

    @AutoClose
    private final RawWorker worker = engine.worker("worker-" + topic).serve(function);

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        admin = TestBroker.admin();
        producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @BeforeEach
    void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    }

    private void write(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            List<Future<RecordMetadata>> written = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                written.add(producer.send(new ProducerRecord<>(topic, partition, null, Integer.toString(i).getBytes(UTF_8))));
            }
            for (Future<RecordMetadata> each : written) {
                each.get();
            }
        }
    }

    private TopicReader reader(Supplier<Consumer<byte[], byte[]>> consumers) {
        return reader(function, consumers);
    }

    private TopicReader reader(String function, Supplier<Consumer<byte[], byte[]>> consumers) {
        KafkaTriggerConfig config = new KafkaTriggerConfig(
                topic, topic, FIRST, "string", "json", null, 1, 0, 100, 60_000, null);
        Subscription subscription = new Subscription(config, topic, function, "default", null);
        Deliveries deliveries = new Deliveries(
                engine.gateway().gateway().invoker(),
                new QueueRoom().failed(),
                subscription,
                new RecordJson(Format.Plain.STRING, (name, headers, bytes) -> {
                    reads.incrementAndGet();
                    return Format.Plain.JSON.read(name, headers, bytes);
                }));
        TopicReader reader =
                new TopicReader("reader", topic, () -> new Reading(consumers.get(), config, deliveries));
        reader.start();
        return reader;
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", topic);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", 10);
        properties.put("heartbeat.interval.ms", 200);
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Answers calls until so many different records were seen; gives the values of each partition in the order in which they came. */
    private Map<Integer, List<Integer>> answer(int wanted, Map<Integer, List<Integer>> seen) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (seen.values().stream().mapToLong(each -> each.stream().distinct().count()).sum() < wanted
                && System.nanoTime() < deadline) {
            Optional<JsonNode> call = worker.pollCall(Duration.ofSeconds(1));
            call.ifPresent(each -> {
                JsonNode record = each.get("data");
                seen.computeIfAbsent(record.get("partition").intValue(), first -> new ArrayList<>())
                        .add(record.get("value").intValue());
                worker.answer(each, "null");
            });
        }
        return seen;
    }

    @Test
    void shouldDeliverEachRecordInOrderWhenReadersComeAndGo() throws Exception {
        int each = 600;
        write(each);
        Map<Integer, List<Integer>> seen = new HashMap<>();
        TopicReader first = reader(this::consumer);
        answer(100, seen);
        try {
            for (int round = 1; round <= 3; round++) {
                TopicReader other = reader(this::consumer);
                answer(100 + round * 500, seen);
                other.close();
                other.awaitClosed();
            }
            answer(PARTITIONS * each, seen);
        } finally {
            first.close();
            first.awaitClosed();
        }
        List<Integer> all = IntStream.range(0, each).boxed().toList();
        assertThat(seen).hasSize(PARTITIONS);
        seen.forEach((partition, values) ->
                assertThat(values.stream().distinct().toList()).as("partition %d", partition).isEqualTo(all));
    }

    @Test
    void shouldDeliverOnceWhenPartitionsMoveWhileNobodyServesTheFunction() throws Exception {
        String late = "late-" + topic;
        write(1);
        TopicReader first = reader(late, this::consumer);
        awaitReads(PARTITIONS);
        TopicReader second = reader(late, this::consumer);
        try {
            awaitReads(PARTITIONS + PARTITIONS / 2); // the other one has its share
            worker.serve(late);
            Set<Integer> partitions = new HashSet<>();
            for (int i = 0; i < PARTITIONS; i++) {
                JsonNode call = worker.nextCallOf(late);
                partitions.add(call.at("/data/partition").intValue());
                worker.answer(call, "null");
            }
            assertThat(partitions).hasSize(PARTITIONS);
            assertThat(worker.silentAbout("invokefunction", Duration.ofSeconds(6))).isTrue(); // longer than the longest pause
        } finally {
            first.close();
            second.close();
            first.awaitClosed();
            second.awaitClosed();
        }
    }

    private void awaitReads(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> reads.get() == count);
    }

    @Test
    void shouldReadOnWhenKafkaFailedForAWhile() throws Exception {
        write(3);
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        TopicReader reader = reader(() -> {
            if (opened.incrementAndGet() == 1) {
                throw new TimeoutException("no broker");
            }
            return failing(consumer(), asked);
        });
        try {
            Map<Integer, List<Integer>> seen = answer(PARTITIONS * 3, new HashMap<>());
            assertThat(seen).hasSize(PARTITIONS);
            assertThat(seen.values()).containsOnly(List.of(0, 1, 2));
            assertThat(opened).hasValue(3);
        } finally {
            reader.close();
            reader.awaitClosed();
        }
    }

    @Test
    void shouldReadOnAfterAnErrorOfTheJvm() throws Exception {
        write(1);
        AtomicInteger opened = new AtomicInteger();
        TopicReader reader = reader(() -> {
            if (opened.incrementAndGet() == 1) {
                throw new OutOfMemoryError("of this test");
            }
            return consumer();
        });
        try {
            assertThat(answer(PARTITIONS, new HashMap<>())).hasSize(PARTITIONS);
        } finally {
            reader.close();
            reader.awaitClosed();
        }
    }

    /** A consumer that is not told positions when it asks for the first time. */
    @SuppressWarnings("unchecked")
    private static Consumer<byte[], byte[]> failing(Consumer<byte[], byte[]> consumer, AtomicInteger asked) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    boolean fails = method.getName().equals("committed")
                            && !((Set<?>) arguments[0]).isEmpty()
                            && asked.incrementAndGet() == 1;
                    if (fails) {
                        throw new TimeoutException("no answer");
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
