package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code invocation_stopped} for what a gateway that is gone owed. Whose callers have been answered already take no
 * notice, so it does no harm that a gateway's list may be older than its last answers, or that several others do the same.
 */
final class OwedDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(OwedDeliveries.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String topic;
    private final Deliveries deliveries;
    private final Map<String, Object> clientProperties;

    OwedDeliveries(String topic, Deliveries deliveries, Map<String, Object> clientProperties) {
        this.topic = topic;
        this.deliveries = deliveries;
        this.clientProperties = new HashMap<>(clientProperties);
        this.clientProperties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    /** Returns at once; any thread. */
    void stop(Map<Integer, List<Long>> owed) {
        Thread.ofVirtual().name("iii-owed").start(() -> {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(clientProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                owed.forEach((slot, offsets) -> stop(consumer, new TopicPartition(topic, slot), offsets));
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("What a dead gateway ran is not answered; its callers will time out");
            }
        });
    }

    private void stop(Consumer<byte[], byte[]> consumer, TopicPartition slot, List<Long> offsets) {
        consumer.assign(Set.of(slot));
        Set<Long> left = new HashSet<>(offsets);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long offset : offsets) {
            if (!left.contains(offset)) {
                continue; // it came together with one before it
            }
            consumer.seek(slot, offset);
            while (consumer.position(slot, PATIENCE) <= offset && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (left.remove(record.offset())) {
                        stop(record);
                    }
                }
            }
        }
    }

    private void stop(ConsumerRecord<byte[], byte[]> record) {
        List<RoutedCall> calls = CallCodec.decodeAll(record.headers(), record.value());
        if (calls.size() == 1) { // for calls that share a record nobody waits
            deliveries.stop(new Delivery(calls.getFirst(), SlotProgress.Mark.detached()));
        }
    }
}
