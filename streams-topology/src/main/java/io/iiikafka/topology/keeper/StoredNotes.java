package io.iiikafka.topology.keeper;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What a room notes beside its values, by name; names begin with what it is about. Used on the partition's thread. */
public final class StoredNotes {

    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, byte[]> store;

    public StoredNotes(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    public @Nullable RawJson get(String name) {
        byte[] note = store.get(name);
        return note == null ? null : RawJson.of(note);
    }

    /** Keeps the note, or takes it away when it is null. */
    public void put(String name, @Nullable RawJson note) {
        store.put(name, note == null ? null : note.toBytes());
    }

    /** The first names from one, inclusive, to another, exclusive. */
    public List<String> names(String from, String before, int most) {
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

    /** Shows the notes whose names begin so, in order, until the visitor has enough and answers false. */
    public void forEach(String prefix, BiPredicate<String, RawJson> visitor) {
        try (KeyValueIterator<String, byte[]> found = store.prefixScan(prefix, TEXT)) {
            boolean more = true;
            while (more && found.hasNext()) {
                KeyValue<String, byte[]> next = found.next();
                more = visitor.test(next.key, RawJson.of(next.value));
            }
        }
    }
}
