package io.iiikafka.gateway.kafka;

import static java.util.Objects.requireNonNull;

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

    /**
     * They keep to where they began, although nothing may come for long. When the group begins with the topic, it does so
     * with all partitions, whoever reads them: one without a position later on was added since, and nothing of it is old.
     */
    private Map<TopicPartition, Long> begin(Set<TopicPartition> fresh) {
        Set<TopicPartition> all = partitions(fresh);
        Set<TopicPartition> positioned = new HashSet<>();
        consumer.committed(all, PATIENCE).forEach((partition, known) -> {
            if (known != null) {
                positioned.add(partition);
            }
        });
        boolean begun = !positioned.isEmpty();
        Set<TopicPartition> without = new HashSet<>(begun ? fresh : all);
        without.removeAll(positioned);
        Map<TopicPartition, Long> offsets =
                new HashMap<>(begun && from instanceof KafkaTriggerConfig.From.Latest
                        ? consumer.beginningOffsets(without, PATIENCE)
                        : offsets(without));
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        consumer.commitSync(positions, PATIENCE);
        offsets.keySet().retainAll(fresh);
        fresh.stream().filter(positioned::contains).forEach(partition -> offsets.put(partition, committed(partition)));
        offsets.forEach(consumer::seek);
        return offsets;
    }

    /** Another member of the group has begun with it a moment ago. */
    private long committed(TopicPartition partition) {
        return requireNonNull(consumer.committed(Set.of(partition), PATIENCE).get(partition)).offset();
    }

    private Set<TopicPartition> partitions(Set<TopicPartition> fresh) {
        Set<TopicPartition> all = new HashSet<>(fresh);
        for (String topic : fresh.stream().map(TopicPartition::topic).distinct().toList()) {
            consumer.partitionsFor(topic, PATIENCE)
                    .forEach(info -> all.add(new TopicPartition(info.topic(), info.partition())));
        }
        return all;
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
