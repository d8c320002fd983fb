package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.StoredNotes;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
 * The stores of streams on one partition.
 *
 * <ol>
 *   <li>{@link KeeperStore#STREAMS}: {@linkplain StreamGroup#itemKey stream, group and item} → the item's JSON, as it
 *       is; its order, the offset of its last event and when it is to end in headers. Its log is public.
 *   <li>{@link KeeperStore#STREAM_GROUPS}: {@linkplain StreamGroup#recordKey() stream and group} → its counters.
 *   <li>{@link KeeperStore#STREAM_LOG}: see {@link StreamLog}.
 *   <li>{@link KeeperStore#STREAM_NOTES}: what functions note beside items, under names that begin with what it is.
 * </ol>
 */
final class StreamStores {

    private static final StringSerializer TEXT = new StringSerializer();

    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> items;
    private final KeyValueStore<String, byte[]> groups;
    private final StreamLog log;
    private final StoredNotes notes;

    private StreamStores(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> items,
            KeyValueStore<String, byte[]> groups,
            KeyValueStore<String, byte[]> log,
            KeyValueStore<String, byte[]> notes) {
        this.items = items;
        this.groups = groups;
        this.log = new StreamLog(log);
        this.notes = new StoredNotes(notes);
    }

    static StreamStores of(Room.Stores stores) {
        return new StreamStores(
                stores.get(KeeperStore.STREAMS.storeName()),
                stores.get(KeeperStore.STREAM_GROUPS.storeName()),
                stores.get(KeeperStore.STREAM_LOG.storeName()),
                stores.get(KeeperStore.STREAM_NOTES.storeName()));
    }

    static List<StoreBuilder<?>> builders() {
        return List.of(
                Stores.timestampedKeyValueStoreWithHeadersBuilder(
                                Stores.persistentTimestampedKeyValueStoreWithHeaders(KeeperStore.STREAMS.storeName()),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                plain(KeeperStore.STREAM_GROUPS),
                plain(KeeperStore.STREAM_LOG),
                plain(KeeperStore.STREAM_NOTES));
    }

    private static StoreBuilder<?> plain(KeeperStore store) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(store.storeName()), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    StreamLog log() {
        return log;
    }

    @Nullable RawJson note(String name) {
        return notes.get(name);
    }

    /** The first names from one, inclusive, to another, exclusive. */
    List<String> notes(String from, String before, int most) {
        return notes.names(from, before, most);
    }

    /** Shows the notes whose names begin so, in order, until the visitor has enough and answers false. */
    void forEachNote(String prefix, BiPredicate<String, RawJson> visitor) {
        notes.forEach(prefix, visitor);
    }

    /** Keeps the note, or takes it away when it is null. */
    void putNote(String name, @Nullable RawJson note) {
        notes.put(name, note);
    }

    @Nullable StreamItem get(StreamGroup group, String item) {
        ValueTimestampHeaders<byte[]> stored = items.get(group.itemKey(item));
        return stored == null ? null : item(stored);
    }

    static StreamItem item(ValueTimestampHeaders<byte[]> stored) {
        return new StreamItem(
                RawJson.of(stored.value()),
                number(stored.headers(), HeaderNames.ORDER),
                number(stored.headers(), HeaderNames.OFFSET),
                stored.timestamp(),
                number(stored.headers(), HeaderNames.EXPIRES_AT));
    }

    /** 0: there is none. */
    private static long number(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? 0 : Long.parseLong(new String(header.value(), UTF_8));
    }

    /** The items of the group with their ids, by id. */
    void forEachItem(StreamGroup group, BiConsumer<String, StreamItem> visitor) {
        String prefix = group.itemPrefix();
        try (KeyValueIterator<String, ValueTimestampHeaders<byte[]>> all = items.prefixScan(prefix, TEXT)) {
            all.forEachRemaining(entry -> visitor.accept(entry.key.substring(prefix.length()), item(entry.value)));
        }
    }

    /** The items of the group as they are now, one after the other; to be closed. */
    ItemScan scan(StreamGroup group) {
        String prefix = group.itemPrefix();
        return new ItemScan(prefix.length(), items.prefixScan(prefix, TEXT));
    }

    GroupInfo group(StreamGroup group) {
        byte[] counters = groups.get(group.recordKey());
        return counters == null ? GroupInfo.NEW : counters(counters);
    }

    /** Groups by key from one on, until the visitor has enough and answers false. */
    void forEachGroup(String from, BiPredicate<String, GroupInfo> visitor) {
        try (KeyValueIterator<String, byte[]> all = groups.range(from, null)) {
            boolean more = true;
            while (more && all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                more = visitor.test(entry.key, counters(entry.value));
            }
        }
    }

    /** The groups of which an event was logged; of one stream, or of all when it is null. */
    void forEachLog(@Nullable String stream, Consumer<StreamGroup> visitor) {
        try (KeyValueIterator<String, byte[]> all =
                stream == null ? groups.all() : groups.prefixScan(StreamGroup.prefixOf(stream), TEXT)) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (counters(entry.value).offset() > 0) {
                    visitor.accept(StreamGroup.parse(entry.key));
                }
            }
        }
    }

    void put(StreamGroup group, String item, StreamItem stored) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.ORDER, text(stored.order()));
        headers.add(HeaderNames.OFFSET, text(stored.offset()));
        if (stored.expiresAtMs() != 0) {
            headers.add(HeaderNames.EXPIRES_AT, text(stored.expiresAtMs()));
        }
        items.put(
                group.itemKey(item),
                ValueTimestampHeaders.make(stored.value().toBytes(), stored.changedAtMs(), headers));
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    void remove(StreamGroup group, String item) {
        items.delete(group.itemKey(item));
    }

    void putGroup(StreamGroup group, GroupInfo info) {
        groups.put(group.recordKey(), info.toText().getBytes(UTF_8));
    }

    private static GroupInfo counters(byte[] text) {
        return GroupInfo.parse(new String(text, UTF_8));
    }
}
