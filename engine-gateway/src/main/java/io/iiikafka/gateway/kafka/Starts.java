package io.iiikafka.gateway.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Where a consumer begins with its partitions: at the group's position, else where the config says. */
record Starts(Consumer<byte[], byte[]> consumer, KafkaTriggerConfig.From from) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Gives the offset at which it begins for each. */
    Map<TopicPartition, Long> seek(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        consumer.committed(partitions, PATIENCE).forEach((partition, known) -> {
            if (known != null) {
                consumer.seek(partition, known);
                offsets.put(partition, known.offset());
            }
        });
        Set<TopicPartition> without = new HashSet<>(partitions);
        without.removeAll(offsets.keySet());
        if (!without.isEmpty()) {
            offsets.putAll(begin(without));
        }
        return offsets;
    }

    /** They keep to where they began, although nothing may come for long. */
    private Map<TopicPartition, Long> begin(Set<TopicPartition> fresh) {
        Map<TopicPartition, Long> offsets = offsets(fresh);
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        consumer.commitSync(positions, PATIENCE);
        offsets.forEach(consumer::seek);
        return offsets;
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> fresh) {
        return switch (from) {
            case KafkaTriggerConfig.From.Earliest earliest -> consumer.beginningOffsets(fresh, PATIENCE);
            case KafkaTriggerConfig.From.Latest latest -> consumer.endOffsets(fresh, PATIENCE);
            case KafkaTriggerConfig.From.Since since -> {
                Map<TopicPartition, Long> positions = new HashMap<>(consumer.endOffsets(fresh, PATIENCE));
                Map<TopicPartition, Long> times = new HashMap<>();
                fresh.forEach(partition -> times.put(partition, since.ms()));
                consumer.offsetsForTimes(times, PATIENCE).forEach((partition, found) -> {
                    if (found != null) {
                        positions.put(partition, found.offset());
                    }
                });
                yield positions;
            }
        };
    }
}
