package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What other Kafka applications see of calls, and what they may write (design: topics are public, records readable). */
class PlainKafkaConsumerTest {

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static List<ConsumerRecord<String, String>> read(String topic, String invocationId) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            List<ConsumerRecord<String, String>> found = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (invocationId.equals(headers(record).get("ce_id"))) {
                        found.add(record);
                    }
                });
                return !found.isEmpty();
            });
            return found;
        }
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    @Test
    void shouldShowEachCallAndItsResultAsACloudEventWithTheJsonPayload() {
        try (RawWorker callee = engine.worker("callee").serve("math::add");
                RawWorker caller = engine.worker("caller")) {
            String id = caller.start("math::add", "{\"b\": 2, \"a\":1}");
            callee.answer(callee.next("invokefunction"), "{\"sum\": 3}");
            caller.awaitResult(id);

            List<ConsumerRecord<String, String>> calls = read(engine.topics().invocations(), id);
            assertThat(calls).hasSize(1);
            ConsumerRecord<String, String> call = calls.getFirst();
            assertThat(call.key()).isEqualTo("math::add");
            assertThat(call.value()).isEqualTo("{\"b\": 2, \"a\":1}");
            assertThat(headers(call))
                    .containsEntry("ce_specversion", "1.0")
                    .containsEntry("ce_type", "math::add")
                    .containsEntry("ce_source", "/workers/" + caller.id())
                    .containsEntry("content-type", "application/json")
                    .containsKey("ce_time");

            ConsumerRecord<String, String> result = read(engine.topics().results(), id).getFirst();
            assertThat(result.value()).isEqualTo("{\"sum\": 3}");
            assertThat(headers(result))
                    .containsEntry("ce_specversion", "1.0")
                    .containsEntry("ce_type", "iii.invocation.completed")
                    .containsEntry("ce_subject", "math::add")
                    .containsEntry("ce_source", "/workers/" + callee.id());
        }
    }

    @Test
    void shouldRunACallThatAnotherKafkaApplicationWrote() {
        String function = "audit::note-" + UUID.randomUUID();
        try (RawWorker callee = engine.worker("audit").serve(function);
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        TestBroker.clientProperties(), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record =
                    new ProducerRecord<>(engine.topics().invocations(), function, "{\"from\":\"outside\"}");
            record.headers().add("ce_type", function.getBytes(StandardCharsets.UTF_8));
            producer.send(new ProducerRecord<>(engine.topics().invocations(), "garbage", "not even json"));
            producer.send(record);

            assertThat(callee.next("invokefunction").get("data").get("from").textValue())
                    .isEqualTo("outside");
        }
    }

    @Test
    void shouldAnswerOthersAtOnceWhenACallNamesASlotThatDoesNotExist() {
        String function = "audit::note-" + UUID.randomUUID();
        try (RawWorker callee = engine.worker("audit").serve(function);
                RawWorker caller = engine.worker("caller");
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        TestBroker.clientProperties(), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>(engine.topics().invocations(), function, "{}");
            record.headers().add("ce_type", function.getBytes(StandardCharsets.UTF_8));
            record.headers().add("iii_action", "sync".getBytes(StandardCharsets.UTF_8));
            record.headers().add("iii_origin", "elsewhere/9999/1".getBytes(StandardCharsets.UTF_8));
            producer.send(record);
            callee.answer(callee.next("invokefunction"), "{}");

            String id = caller.start(function, "{}");
            callee.answer(callee.next("invokefunction"), "{\"noted\": true}");

            long askedNanos = System.nanoTime();
            assertThat(caller.awaitResult(id).path("result").path("noted").booleanValue()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - askedNanos)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
