package io.iiikafka.topology.router;

import java.util.Set;

import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of a partition had already been routed when this task took it over.
 *
 * <p>What the previous owner routed after its last commit is handed to the new owner again. Each delivery names the call
 * that it was made from, so the answer stands in {@code deliveries}; it is looked up once, when the first call that
 * was there before the take-over arrives.
 */
final class AlreadyRouted {

    /** Reads the topics; apart from the task so that a topology can be tested without a broker. */
    interface Scan {

        /** The offset after the last call of the partition. */
        long endOf(int partition);

        /** Offsets of calls of the partition, from {@code offset} on, that stand in {@code deliveries}. */
        Set<Long> routedFrom(int partition, long offset, long timestampMs);
    }

    private final Scan scan;
    private final int partition;
    private final long end;
    private @Nullable Set<Long> routed;

    AlreadyRouted(Scan scan, int partition) {
        this.scan = scan;
        this.partition = partition;
        this.end = scan.endOf(partition);
    }

    boolean contains(RecordMetadata call, Record<?, ?> record) {
        if (call.offset() >= end) {
            return false;
        }
        if (routed == null) {
            routed = scan.routedFrom(partition, call.offset(), record.timestamp());
        }
        return routed.contains(call.offset());
    }
}
