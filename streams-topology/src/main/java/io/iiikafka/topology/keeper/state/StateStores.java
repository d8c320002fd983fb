package io.iiikafka.topology.keeper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.StoredNotes;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The stores of state on one partition.
 *
 * <ol>
 *   <li>{@link KeeperStore#STATE}: {@linkplain StateKey#recordKey() scope and key} → the value's JSON, as it is;
 *       version, order and revision in {@linkplain EntryHeaders headers}. Its log is public.
 *   <li>{@link KeeperStore#STATE_SCOPES}: scope → its counters.
 *   <li>{@link KeeperStore#STATE_NOTES}: what functions note beside values, under names that begin with what it is.
 * </ol>
 */
final class StateStores implements StateView {

    private static final StringSerializer TEXT = new StringSerializer();

    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> values;
    private final KeyValueStore<String, byte[]> scopes;
    private final StoredNotes notes;
    /** The same store: the keys of each scope, in order, are no JSON. */
    private final KeyValueStore<String, byte[]> placeStore;
    private final HistoryStore history;

    private StateStores(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> values,
            KeyValueStore<String, byte[]> scopes,
            KeyValueStore<String, byte[]> notes,
            HistoryStore history) {
        this.history = history;
        this.values = values;
        this.scopes = scopes;
        this.notes = new StoredNotes(notes);
        this.placeStore = notes;
    }

    static StateStores of(Room.Stores stores) {
        return new StateStores(
                stores.get(KeeperStore.STATE.storeName()),
                stores.get(KeeperStore.STATE_SCOPES.storeName()),
                stores.get(KeeperStore.STATE_NOTES.storeName()),
                new HistoryStore(stores.get(KeeperStore.STATE_HISTORY.storeName())));
    }

    static List<StoreBuilder<?>> builders() {
        return List.of(
                Stores.timestampedKeyValueStoreWithHeadersBuilder(
                                Stores.persistentTimestampedKeyValueStoreWithHeaders(KeeperStore.STATE.storeName()),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                // Each write changes its scope's counters: in memory until the commit, which logs the last of them only.
                builder(KeeperStore.STATE_SCOPES).withCachingEnabled().withLoggingEnabled(Map.of()),
                plain(KeeperStore.STATE_NOTES),
                plain(KeeperStore.STATE_HISTORY));
    }

    private static StoreBuilder<?> plain(KeeperStore store) {
        return builder(store).withCachingDisabled().withLoggingEnabled(Map.of());
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> builder(KeeperStore store) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(store.storeName()), Serdes.String(), Serdes.ByteArray());
    }

    @Override
    public @Nullable RawJson note(String name) {
        return notes.get(name);
    }

    @Override
    public List<String> notes(String from, String before, int most) {
        return notes.names(from, before, most);
    }

    @Override
    public List<Listing.Place> keys(String scope, long after, long until, int most) {
        List<Listing.Place> places = new ArrayList<>();
        if (after >= until) {
            return places;
        }
        try (KeyValueIterator<String, byte[]> found =
                placeStore.range(Places.name(scope, after + 1), Places.name(scope, until))) {
            while (found.hasNext() && places.size() < most) {
                KeyValue<String, byte[]> place = found.next();
                places.add(new Listing.Place(Places.order(place.key), new String(place.value, UTF_8)));
            }
        }
        return places;
    }

    @Override
    public List<String> names(String from, String before, int most) {
        List<String> names = new ArrayList<>();
        try (KeyValueIterator<String, ValueTimestampHeaders<byte[]>> found = values.range(from, before)) {
            while (found.hasNext() && names.size() < most) {
                String name = found.next().key;
                if (!name.equals(before)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Override
    public void forEachNote(String prefix, BiConsumer<String, RawJson> visitor) {
        notes.forEach(prefix, (name, note) -> {
            visitor.accept(name, note);
            return true;
        });
    }

    HistoryStore history() {
        return history;
    }

    void putNote(String name, @Nullable RawJson note) {
        notes.put(name, note);
    }

    @Override
    public @Nullable StateEntry get(StateKey key) {
        ValueTimestampHeaders<byte[]> stored = values.get(key.recordKey());
        return stored == null ? null : entry(stored);
    }

    private static StateEntry entry(ValueTimestampHeaders<byte[]> stored) {
        return EntryHeaders.read(RawJson.of(stored.value()), stored.timestamp(), stored.headers());
    }

    @Override
    public ScopeInfo scope(String scope) {
        byte[] counters = scopes.get(scope);
        return counters == null ? ScopeInfo.NEW : info(counters);
    }

    @Override
    public void forEach(String scope, BiConsumer<String, StateEntry> visitor) {
        String prefix = StateKey.prefixOf(scope);
        try (KeyValueIterator<String, ValueTimestampHeaders<byte[]>> entries = values.prefixScan(prefix, TEXT)) {
            while (entries.hasNext()) {
                KeyValue<String, ValueTimestampHeaders<byte[]>> entry = entries.next();
                visitor.accept(entry.key.substring(prefix.length()), entry(entry.value));
            }
        }
    }

    @Override
    public void forEachScope(String from, BiPredicate<String, ScopeInfo> visitor) {
        try (KeyValueIterator<String, byte[]> entries = scopes.range(from, null)) {
            boolean more = true;
            while (more && entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                more = visitor.test(entry.key, info(entry.value));
            }
        }
    }

    /** Notes where a new key stands in its scope's list. */
    void putPlace(StateKey key, StateEntry entry) {
        placeStore.put(Places.name(key.scope(), entry.order()), key.key().getBytes(UTF_8));
    }

    void removePlace(StateKey key, StateEntry entry) {
        placeStore.delete(Places.name(key.scope(), entry.order()));
    }

    void put(StateKey key, StateEntry entry) {
        values.put(
                key.recordKey(),
                ValueTimestampHeaders.make(entry.value().toBytes(), entry.changedAtMs(), EntryHeaders.of(entry)));
    }

    void remove(StateKey key) {
        values.delete(key.recordKey());
    }

    void putScope(String scope, ScopeInfo info) {
        scopes.put(scope, info.toText().getBytes(UTF_8));
    }

    private static ScopeInfo info(byte[] text) {
        return ScopeInfo.parse(new String(text, UTF_8));
    }
}
