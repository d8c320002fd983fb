package io.iiikafka.topology.keeper;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * What the keeper reads from Kafka again before it can begin: how far it is, and, of partitions at which it stands still, who
 * holds it up. Safe for use by several threads.
 */
final class Restoration implements StateRestoreListener {

    private static final long STILL_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MOST_NAMED = 3;

    private record Reading(long first, long at, long end, long movedNanos) {

        static Reading begin(long first, long end) {
            return new Reading(first, first, end, System.nanoTime());
        }

        Reading moved(long to) {
            return new Reading(first, to, end, System.nanoTime());
        }

        boolean standsStill() {
            return System.nanoTime() - movedNanos > STILL_NANOS;
        }
    }

    private final Map<TopicPartition, Reading> readings = new ConcurrentHashMap<>();
    private final OpenTransactions transactions;

    Restoration(OpenTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long first, long end) {
        readings.put(partition, Reading.begin(first, end));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long last, long records) {
        readings.computeIfPresent(partition, (key, reading) -> reading.moved(last + 1));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long records) {
        readings.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long records) {
        readings.remove(partition);
    }

    /** For people, to follow a sentence; empty when nothing is read. Does not block. */
    String text() {
        Map<TopicPartition, Reading> now = Map.copyOf(readings);
        if (now.isEmpty()) {
            return "";
        }
        long all = now.values().stream().mapToLong(reading -> reading.end() - reading.first()).sum();
        long read = now.values().stream().mapToLong(reading -> reading.at() - reading.first()).sum();
        return "; it reads " + now.size() + " partitions of its stores from Kafka again, " + read + " of " + all
                + " offsets so far" + standstill(now);
    }

    private String standstill(Map<TopicPartition, Reading> now) {
        Set<TopicPartition> still = now.entrySet().stream()
                .filter(entry -> entry.getValue().standsStill())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<TopicPartition, String> holders = still.isEmpty() ? Map.of() : transactions.holding(still);
        List<String> named = holders.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .sorted()
                .limit(MOST_NAMED)
                .toList();
        return named.isEmpty() ? "" : "; it is held up in " + String.join("; in ", named);
    }
}
