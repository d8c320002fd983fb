package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.membership.ProvenConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProvenConsumerTest {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic = TestBroker.freshPrefix() + "proven";

    @Test
    void shouldHandOutNothingWhenItWasPutOutOfItsGroupWithoutNoticing() throws Exception {
        try (Admin admin = TestBroker.admin();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                ProvenConsumer consumer = new ProvenConsumer(properties())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
            consumer.subscribe(List.of(topic));
            write(producer, "first");
            assertThat(next(consumer)).isEqualTo("first");
            // The next heartbeat would tell it, so the proof must be too old and the record there before that.
            Awaitility.await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            consumer.poll(Duration.ZERO);
            admin.removeMembersFromConsumerGroup(topic, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(10, TimeUnit.SECONDS);
            write(producer, "second");

            ConsumerRecords<byte[], byte[]> read = consumer.poll(Duration.ofSeconds(1));

            assertThat(read).isEmpty();
            assertThat(next(consumer)).as("after it has joined again").isEqualTo("first"); // nothing was committed
            assertThat(next(consumer)).isEqualTo("second");
        }
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", topic);
        properties.put("session.timeout.ms", 60_000);
        properties.put("heartbeat.interval.ms", 40_000);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", 1);
        return properties;
    }

    private void write(KafkaProducer<byte[], byte[]> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, value.getBytes())).get(10, TimeUnit.SECONDS);
    }

    private static String next(ProvenConsumer consumer) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return new String(record.value());
            }
        }
        throw new AssertionError("no record");
    }
}
