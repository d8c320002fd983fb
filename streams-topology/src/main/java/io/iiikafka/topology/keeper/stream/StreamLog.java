package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The logs of all groups of one partition, in {@link KeeperStore#STREAM_LOG}: {@code <stream>/<group>/<offset in 16
 * digits>} → {@code <order> <record>}. Offsets have no gaps between the first kept and the last.
 */
final class StreamLog {

    private final KeyValueStore<String, byte[]> entries;

    StreamLog(KeyValueStore<String, byte[]> entries) {
        this.entries = entries;
    }

    private static String key(StreamGroup group, long offset) {
        return group.itemPrefix() + String.format("%016d", offset);
    }

    void append(StreamEvent event, long order, int maxEventBytes) {
        byte[] head = (order + " ").getBytes(UTF_8);
        RawJson record = event.logRecord(maxEventBytes);
        byte[] value = new byte[head.length + record.length()];
        System.arraycopy(head, 0, value, 0, head.length);
        record.copyTo(value, head.length);
        entries.put(key(event.group(), event.offset()), value);
    }

    void remove(StreamGroup group, long offset) {
        entries.delete(key(group, offset));
    }

    @Nullable LogEntry get(StreamGroup group, long offset) {
        byte[] value = entries.get(key(group, offset));
        return value == null ? null : entry(offset, value);
    }

    private static LogEntry entry(long offset, byte[] value) {
        int space = 0;
        while (value[space] != ' ') {
            space++;
        }
        long order = Long.parseLong(new String(value, 0, space, UTF_8));
        return new LogEntry(offset, order, RawJson.slice(value, space + 1, value.length - space - 1));
    }

    /** Shows the entries of both offsets and all between, until the visitor has enough and answers false. */
    void scan(StreamGroup group, long from, long to, boolean ascending, Predicate<LogEntry> visitor) {
        if (from > to) {
            return;
        }
        try (KeyValueIterator<String, byte[]> found = ascending
                ? entries.range(key(group, from), key(group, to))
                : entries.reverseRange(key(group, from), key(group, to))) {
            boolean more = true;
            while (more && found.hasNext()) {
                var next = found.next();
                long offset = Long.parseLong(next.key.substring(next.key.length() - 16));
                more = visitor.test(entry(offset, next.value));
            }
        }
    }

    /** As {@link #scan}, entry by entry, of what is there now. */
    Scan open(StreamGroup group, long from, long to, boolean ascending) {
        if (from > to) {
            return new Scan(null);
        }
        return new Scan(ascending
                ? entries.range(key(group, from), key(group, to))
                : entries.reverseRange(key(group, from), key(group, to)));
    }

    /** Entries as they were when it was opened. */
    static final class Scan implements AutoCloseable {

        private final @Nullable KeyValueIterator<String, byte[]> found;

        private Scan(@Nullable KeyValueIterator<String, byte[]> found) {
            this.found = found;
        }

        /** Null: there are no more. */
        @Nullable LogEntry next() {
            if (found == null || !found.hasNext()) {
                return null;
            }
            var next = found.next();
            return entry(Long.parseLong(next.key.substring(next.key.length() - 16)), next.value);
        }

        @Override
        public void close() {
            if (found != null) {
                found.close();
            }
        }
    }

    /**
     * What can be read of a group's log.
     *
     * @param earliest the first offset; one more than the latest when nothing is kept
     * @param latest the last offset that was given away; 0: none
     */
    record Bounds(long earliest, long latest) {

        static Bounds of(StreamLog log, StreamGroup group, GroupInfo info, ReplayRule rule, long nowMs) {
            Bounds kept = new Bounds(info.earliest(), info.offset());
            return rule.maxAgeMs() == 0 || kept.isEmpty() ? kept : kept.since(log, group, nowMs - rule.maxAgeMs());
        }

        boolean isEmpty() {
            return earliest > latest;
        }

        private Bounds since(StreamLog log, StreamGroup group, long ms) {
            LogEntry first = log.get(group, earliest);
            return first != null && first.timestampMs() >= ms ? this : new Bounds(log.offsetAt(group, this, ms), latest);
        }
    }

    /** The first offset with that time or a later one; one more than the latest when there is none. */
    long offsetAt(StreamGroup group, Bounds bounds, long ms) {
        long low = bounds.earliest();
        long high = bounds.latest() + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            LogEntry entry = get(group, middle);
            if (entry != null && entry.timestampMs() >= ms) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
