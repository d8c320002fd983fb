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
        Map<TopicPartition, Long> offsets = positions(partitions);
        offsets.forEach(consumer::seek);
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
        boolean begun = !positions(all).isEmpty();
        Set<TopicPartition> wanted = begun ? fresh : all;
        Map<TopicPartition, Long> offsets =
                new HashMap<>(begun && from instanceof KafkaTriggerConfig.From.Latest
                        ? consumer.beginningOffsets(wanted, PATIENCE)
                        : offsets(wanted));
        // Another member may have begun with the topic meanwhile; what came since would be nobody's if it were not kept to.
        Map<TopicPartition, Long> known = positions(wanted);
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (!known.containsKey(partition)) {
                positions.put(partition, new OffsetAndMetadata(offset));
            }
        });
        consumer.commitSync(positions, PATIENCE);
        offsets.putAll(known);
        offsets.keySet().retainAll(fresh);
        offsets.forEach(consumer::seek);
        return offsets;
    }

    /** Those that the group has. */
    private Map<TopicPartition, Long> positions(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        consumer.committed(partitions, PATIENCE).forEach((partition, known) -> {
            if (known != null) {
                positions.put(partition, known.offset());
            }
        });
        return positions;
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
