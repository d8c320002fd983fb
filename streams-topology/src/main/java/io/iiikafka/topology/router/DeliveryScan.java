package io.iiikafka.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks up in the topics themselves what was routed before a take-over. */
final class DeliveryScan implements AlreadyRouted.Scan {

    /** Deliveries carry the time of their call; clocks of gateways may differ by this much. */
    private static final long CLOCK_SKEW_MS = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Topics topics;
    private final Map<String, Object> clientProperties;

    DeliveryScan(Topics topics, Map<String, Object> clientProperties) {
        this.topics = topics;
        this.clientProperties = clientProperties;
    }

    @Override
    public long endOf(int partition) {
        TopicPartition calls = new TopicPartition(topics.invocations(), partition);
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            return requireNonNull(consumer.endOffsets(List.of(calls), PATIENCE).get(calls));
        }
    }

    @Override
    public Set<Long> routedFrom(int partition, long offset, long timestampMs) {
        Set<Long> routed = new HashSet<>();
        String prefix = partition + ":";
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> left = seek(consumer, timestampMs - CLOCK_SKEW_MS);
            while (!left.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> delivery : consumer.poll(Duration.ofMillis(200))) {
                    Header from = delivery.headers().lastHeader(HeaderNames.ROUTED_FROM);
                    String position = from == null ? "" : new String(from.value(), UTF_8);
                    if (position.startsWith(prefix)) {
                        routed.add(Long.parseLong(position, prefix.length(), position.length(), 10));
                    }
                }
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        }
        routed.removeIf(position -> position < offset);
        return routed;
    }

    /** Stands before the first delivery since then; returns where each partition ends. */
    private Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer, long sinceMs) {
        List<TopicPartition> partitions = consumer.partitionsFor(topics.deliveries(), PATIENCE).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) { // or nothing would seem to have been routed
            throw new TimeoutException("The broker that was asked does not know topic " + topics.deliveries() + " yet");
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> wanted = new HashMap<>();
        partitions.forEach(each -> wanted.put(each, Math.max(0, sinceMs)));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(wanted, PATIENCE);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions, PATIENCE));
        partitions.forEach(each -> {
            OffsetAndTimestamp start = starts.get(each);
            consumer.seek(each, start == null ? requireNonNull(ends.get(each)) : start.offset());
        });
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        return ends;
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, topics.routerApplication() + "-takeover");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
