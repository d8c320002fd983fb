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

    private record Reading(long at, long end, long movedNanos) {

        static Reading of(long at, long end) {
            return new Reading(at, end, System.nanoTime());
        }

        long left() {
            return Math.max(0, end - at);
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
        readings.put(partition, Reading.of(first, end));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long last, long records) {
        readings.computeIfPresent(partition, (key, reading) -> Reading.of(last + 1, reading.end()));
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
        long left = now.values().stream().mapToLong(Reading::left).sum();
        return "; it reads its stores from Kafka again, partitions to go: " + now.size() + ", offsets to go: " + left
                + standstill(now);
    }

    private String standstill(Map<TopicPartition, Reading> now) {
        Set<TopicPartition> still = now.entrySet().stream()
                .filter(entry -> entry.getValue().standsStill())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        List<String> holders = still.isEmpty() ? List.of() : transactions.holding(still).entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .sorted()
                .toList();
        if (holders.isEmpty()) {
            return "";
        }
        String named = holders.stream().limit(MOST_NAMED).collect(Collectors.joining("; in "));
        int more = Math.max(0, holders.size() - MOST_NAMED);
        return "; it is held up in " + named + (more == 0 ? "" : "; and in " + more + " more");
    }
}
