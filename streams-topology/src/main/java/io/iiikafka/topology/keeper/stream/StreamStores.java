package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.topics.KeeperStore;
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
 *       is; its order and the offset of its last event in headers. Its log is public.
 *   <li>{@link KeeperStore#STREAM_GROUPS}: {@linkplain StreamGroup#recordKey() stream and group} → its counters.
 * </ol>
 */
final class StreamStores {

    private static final StringSerializer TEXT = new StringSerializer();

    private final TimestampedKeyValueStoreWithHeaders<String, byte[]> items;
    private final KeyValueStore<String, byte[]> groups;

    private StreamStores(
            TimestampedKeyValueStoreWithHeaders<String, byte[]> items, KeyValueStore<String, byte[]> groups) {
        this.items = items;
        this.groups = groups;
    }

    static StreamStores of(Room.Stores stores) {
        return new StreamStores(
                stores.get(KeeperStore.STREAMS.storeName()), stores.get(KeeperStore.STREAM_GROUPS.storeName()));
    }

    static List<StoreBuilder<?>> builders() {
        return List.of(
                Stores.timestampedKeyValueStoreWithHeadersBuilder(
                                Stores.persistentTimestampedKeyValueStoreWithHeaders(KeeperStore.STREAMS.storeName()),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(KeeperStore.STREAM_GROUPS.storeName()),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()));
    }

    @Nullable StreamItem get(StreamGroup group, String item) {
        ValueTimestampHeaders<byte[]> stored = items.get(group.itemKey(item));
        return stored == null ? null : item(stored);
    }

    private static StreamItem item(ValueTimestampHeaders<byte[]> stored) {
        return new StreamItem(
                RawJson.of(stored.value()),
                number(stored.headers(), HeaderNames.ORDER),
                number(stored.headers(), HeaderNames.OFFSET),
                stored.timestamp());
    }

    private static long number(Headers headers, String name) {
        return Long.parseLong(new String(headers.lastHeader(name).value(), UTF_8));
    }

    /** The items of the group, as they were first set. */
    List<StreamItem> list(StreamGroup group) {
        List<StreamItem> found = new ArrayList<>();
        try (KeyValueIterator<String, ValueTimestampHeaders<byte[]>> all =
                items.prefixScan(group.itemPrefix(), TEXT)) {
            all.forEachRemaining(entry -> found.add(item(entry.value)));
        }
        found.sort(Comparator.comparingLong(StreamItem::order));
        return found;
    }

    GroupInfo group(StreamGroup group) {
        byte[] counters = groups.get(group.recordKey());
        return counters == null ? GroupInfo.NEW : counters(counters);
    }

    /** The groups that hold an item; of one stream, or of all when it is null. */
    void forEachGroup(@Nullable String stream, Consumer<StreamGroup> visitor) {
        try (KeyValueIterator<String, byte[]> all =
                stream == null ? groups.all() : groups.prefixScan(StreamGroup.prefixOf(stream), TEXT)) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (counters(entry.value).items() > 0) {
                    visitor.accept(StreamGroup.parse(entry.key));
                }
            }
        }
    }

    void put(StreamGroup group, String item, StreamItem stored) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.ORDER, text(stored.order()));
        headers.add(HeaderNames.OFFSET, text(stored.offset()));
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
        String counters = info.items() + " " + info.lastOrder() + " " + info.clockMs() + " " + info.offset();
        groups.put(group.recordKey(), counters.getBytes(UTF_8));
    }

    private static GroupInfo counters(byte[] text) {
        String[] counters = new String(text, UTF_8).split(" ", 4);
        return new GroupInfo(
                Long.parseLong(counters[0]),
                Long.parseLong(counters[1]),
                Long.parseLong(counters[2]),
                Long.parseLong(counters[3]));
    }
}
