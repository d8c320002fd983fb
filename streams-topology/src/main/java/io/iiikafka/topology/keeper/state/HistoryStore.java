package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.ArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one partition's values: {@code <scope>/<key>}, a zero byte and the version in 16 digits → {@link
 * ChangeRecord}.
 */
final class HistoryStore {

    private static final StringSerializer TEXT = new StringSerializer();
    private static final String ZEROS = "0".repeat(16);
    private static final int SUFFIX = 17;
    private static final long LARGEST = 9_999_999_999_999_999L;

    private final KeyValueStore<String, byte[]> store;

    /** Up to where the last sweep came; empty: to the end. */
    private String swept = "";

    HistoryStore(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    private static String name(StateKey key, long version) {
        String digits = Long.toString(version); // each change comes by here, and a Formatter is slow
        return key.recordKey() + '\0' + ZEROS.substring(digits.length()) + digits;
    }

    void put(StateKey key, long version, RawJson record) {
        store.put(name(key, version), record.toBytes());
    }

    @Nullable RawJson get(StateKey key, long version) {
        byte[] stored = store.get(name(key, version));
        return stored == null ? null : RawJson.of(stored);
    }

    /** The record; null when there is none. */
    @Nullable RawJson remove(StateKey key, long version) {
        byte[] removed = store.delete(name(key, version));
        return removed == null ? null : RawJson.of(removed);
    }

    /** Removes the changes of a key up to a version; comes by all that were ever removed, so it is not for each change. */
    void removeUpTo(StateKey key, long version, Consumer<RawJson> removed) {
        String last = name(key, version);
        try (KeyValueIterator<String, byte[]> found = store.range(name(key, 0), last)) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> entry = found.next();
                if (entry.key.length() == last.length()) { // another key may hold a zero byte
                    store.delete(entry.key);
                    removed.accept(RawJson.of(entry.value));
                }
            }
        }
    }

    /** The version of a change by its name. */
    static long version(String name) {
        return Long.parseLong(name.substring(name.length() - SUFFIX + 1));
    }

    /** The newest change of a key up to a revision; null when none is kept. */
    @Nullable RawJson last(StateKey key, long revision) {
        int length = name(key, 0).length();
        try (KeyValueIterator<String, byte[]> found = store.reverseRange(name(key, 0), name(key, LARGEST))) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> entry = found.next();
                RawJson record = entry.key.length() == length ? RawJson.of(entry.value) : null; // else of another key
                if (record != null && (revision == Long.MAX_VALUE || ChangeRecord.revision(record) <= revision)) {
                    return record;
                }
            }
        }
        return null;
    }

    /** All changes of a key that are kept, oldest first. */
    void forEach(StateKey key, Consumer<RawJson> visitor) {
        int length = name(key, 0).length();
        try (KeyValueIterator<String, byte[]> found = store.range(name(key, 0), name(key, LARGEST))) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> entry = found.next();
                if (entry.key.length() == length) { // another key may hold a zero byte
                    visitor.accept(RawJson.of(entry.value));
                }
            }
        }
    }

    /** All changes of a scope that are kept, those of each key in order. */
    void forEach(String scope, Consumer<RawJson> visitor) {
        try (KeyValueIterator<String, byte[]> found = store.prefixScan(StateKey.prefixOf(scope), TEXT)) {
            while (found.hasNext()) {
                visitor.accept(RawJson.of(found.next().value));
            }
        }
    }

    /**
     * Shows changes of a scope that are kept, until the visitor has enough.
     *
     * @param from the name of the first, as the visitor was told it; empty: all
     */
    void forEach(String scope, String from, BiPredicate<String, RawJson> visitor) {
        String first = from.isEmpty() ? StateKey.prefixOf(scope) : from;
        try (KeyValueIterator<String, byte[]> found = store.range(first, StateKey.endOf(scope))) {
            boolean more = true;
            while (more && found.hasNext()) {
                KeyValue<String, byte[]> entry = found.next();
                more = visitor.test(entry.key, RawJson.of(entry.value));
            }
        }
    }

    /** Names of changes from one to before another, in order, at most so many. */
    List<String> names(String from, String before, int most) {
        List<String> names = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> found = store.range(from, before)) {
            while (found.hasNext() && names.size() < most) {
                String name = found.next().key;
                if (!name.equals(before)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** @param name as {@link #names} gives it */
    void remove(String name) {
        store.delete(name);
    }

    /** Looks at the next so many records, round and round, and removes those that are outdated. */
    void sweep(int most, Predicate<RawJson> outdated, BiConsumer<StateKey, RawJson> removed) {
        String from = swept;
        swept = "";
        int seen = 0;
        try (KeyValueIterator<String, byte[]> found = store.range(from.isEmpty() ? null : from, null)) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> entry = found.next();
                if (++seen > most) {
                    swept = entry.key;
                    return;
                }
                RawJson record = RawJson.of(entry.value);
                if (outdated.test(record)) {
                    store.delete(entry.key);
                    StateKey key = StateKey.parse(entry.key.substring(0, entry.key.length() - SUFFIX));
                    if (key != null) {
                        removed.accept(key, record);
                    }
                }
            }
        }
    }
}
