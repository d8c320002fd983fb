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
 * reader's thread.
 */
final class PartitionWork {

    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final TreeSet<Long> delivering = new TreeSet<>();
    private int calls;
    private long next;
    private long committed;
    private long firstSinceNanos;

    /** @param position the offset of the next record to be read */
    PartitionWork(long position) {
        this.next = position;
        this.committed = position;
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

    /** Up to which offset, exclusive, all is dealt with, if that has changed since it was asked last; else -1. */
    long toCommit() {
        long done = delivering.isEmpty() ? next : delivering.first();
        if (done <= committed) {
            return -1;
        }
        committed = done;
        return done;
    }
}
