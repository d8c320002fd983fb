package io.iiikafka.gateway.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic of commands, read from where one left off. */
final class CommandLog implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    CommandLog(Topics topics) {
        consumer = new KafkaConsumer<>(
                TestBroker.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partitions = consumer.partitionsFor(topics.commands()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Offsets of what was written since, by invocation. */
    Map<String, Long> read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, Long> offsets = new HashMap<>();
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                offsets.put(
                        new String(record.headers().lastHeader(HeaderNames.CE_ID).value(), UTF_8), record.offset());
            }
        }
        return offsets;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
