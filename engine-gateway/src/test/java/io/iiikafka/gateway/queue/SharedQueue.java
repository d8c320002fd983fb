package io.iiikafka.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A queue with a topic of its own, and who asks for it in a test. */
record SharedQueue(TestEngine engine, Worker worker, String name) {

    void define(String more) {
        Jobs.define(worker, name, "{\"share_group\":true" + more + "}");
    }

    String topic() {
        return engine.topics().queue(name);
    }

    /** As any application would write it. */
    void produce(String value, Map<String, String> headers) {
        produce(null, value, headers);
    }

    void produce(@Nullable Integer partition, String value, Map<String, String> headers) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>(topic(), partition, null, value);
            headers.forEach((header, text) -> record.headers().add(header, text.getBytes(UTF_8)));
            producer.send(record).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    List<JsonNode> deadLetters(int count) {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).until(
                () -> {
                    JsonNode letters = Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", name));
                    return IntStream.range(0, letters.size()).mapToObj(letters::get).toList();
                },
                letters -> letters.size() == count);
    }

    /** So many jobs are not done; Kafka may tell a moment later of one that is. */
    void awaitDepth(int jobs) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> stats().get("depth").intValue() == jobs);
    }

    JsonNode stats() {
        return Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", name));
    }
}
