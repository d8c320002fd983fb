package io.iiikafka.gateway.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that were read and are not dealt with: some wait, some are being delivered. Used on the
 * reader's thread, but for {@link #isCancelled}.
 */
final class PartitionWork {

    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final TreeSet<Long> delivering = new TreeSet<>();
    private int calls;
    private long next;
    private long committed;
    private long asked;
    private long firstSinceNanos;
    private volatile boolean cancelled;

    /** @param position the offset of the next record to be read */
    PartitionWork(long position) {
        this.next = position;
        this.committed = position;
        this.asked = position;
    }

    void add(List<ConsumerRecord<byte[], byte[]>> records, long nowNanos) {
        if (waiting.isEmpty() && !records.isEmpty()) {
            firstSinceNanos = nowNanos;
        }
        waiting.addAll(records);
    }

    /** Takes out the records of the next call; none when it is not their turn. */
    List<ConsumerRecord<byte[], byte[]>> take(KafkaTriggerConfig config, long nowNanos) {
        if (waiting.isEmpty() || calls >= config.concurrency() || waits(config.batch(), nowNanos)) {
            return List.of();
        }
        int most = config.batch() == null ? 1 : config.batch().maxRecords();
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            ConsumerRecord<byte[], byte[]> record = waiting.poll();
            taken.add(record);
            delivering.add(record.offset());
            next = record.offset() + 1;
        }
        firstSinceNanos = nowNanos;
        calls++;
        return taken;
    }

    private boolean waits(KafkaTriggerConfig.@Nullable Batch batch, long nowNanos) {
        return batch != null
                && waiting.size() < batch.maxRecords()
                && nowNanos - firstSinceNanos < batch.maxWaitMs() * 1_000_000;
    }

    void done(List<ConsumerRecord<byte[], byte[]>> records) {
        records.forEach(record -> delivering.remove(record.offset()));
        calls--;
    }

    /** Whether more may be read. */
    boolean hasRoom(KafkaTriggerConfig config) {
        int enough = config.batch() == null ? config.concurrency() : config.batch().maxRecords();
        return waiting.size() < enough;
    }

    /** Up to which offset, exclusive, all is dealt with. */
    long dealtWith() {
        return delivering.isEmpty() ? next : delivering.first();
    }

    /** What {@link #dealtWith} says, if that was not yet given to be committed; else -1. */
    long toCommit() {
        long done = dealtWith();
        if (done <= asked) {
            return -1;
        }
        asked = done;
        return done;
    }

    /** What became of an offset that was given to be committed. */
    void committed(long offset, boolean success) {
        if (success) {
            committed = Math.max(committed, offset);
        } else if (offset > committed) {
            asked = committed;
        }
    }

    /** Whether Kafka is not known to have the position. */
    boolean isBehind() {
        return dealtWith() > committed;
    }

    boolean isDelivering() {
        return calls > 0;
    }

    /** The partition is not this reader's any more: whoever reads it next begins with what is not dealt with. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
