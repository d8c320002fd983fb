package io.iiikafka.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.gateway.testing.TestBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the members of a new group begin. */
class StartsTest {

    private final String topic = TestBroker.freshPrefix() + "records";
    private final TopicPartition first = new TopicPartition(topic, 0);
    private final TopicPartition second = new TopicPartition(topic, 1);
    private final Consumer<byte[], byte[]> one = member();
    private final Consumer<byte[], byte[]> other = member();
    private final Producer<byte[], byte[]> producer = new KafkaProducer<>(
            TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());

    private Consumer<byte[], byte[]> member() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("group.id", topic);
        properties.put("enable.auto.commit", false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @BeforeEach
    void create() throws Exception {
        try (Admin admin = TestBroker.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
        write(first);
        one.assign(Set.of(first));
        other.assign(Set.of(second));
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        producer.close();
    }

    private void write(TopicPartition partition) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition.partition(), null, new byte[1])).get();
    }

    @FunctionalInterface
    private interface Meanwhile {
        void happens() throws Exception;
    }

    /** The member, and what happens when it is about to ask where partitions end. */
    @SuppressWarnings("unchecked")
    private static Consumer<byte[], byte[]> slow(Consumer<byte[], byte[]> member, Meanwhile meanwhile) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                StartsTest.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("endOffsets")) {
                        meanwhile.happens();
                    }
                    try {
                        return method.invoke(member, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** What came in between would be nobody's if the other member died before it had dealt with it. */
    @Test
    void shouldLeaveThePartitionsOfAnotherMemberWhereThatOneHasBegun() throws Exception {
        KafkaTriggerConfig.From latest = new KafkaTriggerConfig.From.Latest();
        Consumer<byte[], byte[]> slow = slow(other, () -> {
            assertThat(new Starts(one, latest).seek(Set.of(first))).containsEntry(first, 1L);
            write(first);
            write(second);
        });

        assertThat(new Starts(slow, latest).seek(Set.of(second))).containsExactly(Map.entry(second, 0L));

        assertThat(one.committed(Set.of(first)).get(first).offset()).isEqualTo(1);
        assertThat(other.position(second)).isZero();
    }
}
