package io.iiikafka.topology.record;

import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/** A value on its way to one partition of {@code deliveries} or {@code results}. */
public record ToSlot(int slot, byte @Nullable [] value) {

    /** Writes the value as it is. */
    public static final Serializer<ToSlot> SERIALIZER = (topic, addressed) -> addressed.value();

    public static final StreamPartitioner<byte[], ToSlot> PARTITIONER =
            (topic, key, addressed, partitions) -> Optional.of(Set.of(Math.floorMod(addressed.slot(), partitions)));
}
