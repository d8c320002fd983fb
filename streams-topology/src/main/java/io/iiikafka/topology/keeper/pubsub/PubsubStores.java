package io.iiikafka.topology.keeper.pubsub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.StoredNotes;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The stores of pub/sub on one partition.
 *
 * <ol>
 *   <li>{@link KeeperStore#PUBSUB_LOG}: {@code <length of the topic>/<topic>/<offset in 16 digits>} → the event. Offsets
 *       have no gaps between the first kept and the last.
 *   <li>{@link KeeperStore#PUBSUB_NOTES}: {@code topic/<topic>} → {@link TopicInfo}; {@code retained/<topic>} → the event that
 *       new subscribers are told of; {@code forgotten} → the highest offset of topics that were forgotten, after which
 *       others begin: an offset that somebody remembers never comes again; where late subscribers are. What is not kept
 *       any more {@link PubsubSweep} removes.
 * </ol>
 */
final class PubsubStores {

    static final String TOPIC = "topic/";
    static final String RETAINED = "retained/";

    private static final int OFFSET_DIGITS = 16;
    private static final String FORGOTTEN = "forgotten";

    /** Of so many topics, with names of this length, is remembered what every event published to them asks for. */
    private static final int MOST_REMEMBERED = 1_000;

    private static final int LONGEST_REMEMBERED = 500;

    /** The time of an event, by its offset. */
    private record Time(long offset, long ms) {}

    private final KeyValueStore<String, byte[]> log;
    private final StoredNotes notes;
    private final Remembered<TopicInfo> infos = new Remembered<>();
    private final Remembered<Time> times = new Remembered<>();

    @SuppressWarnings("serial") // nobody writes it
    private static final class Remembered<V> extends LinkedHashMap<String, V> {

        void keep(String topic, V value) {
            if (topic.length() <= LONGEST_REMEMBERED) {
                put(topic, value);
            }
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }

    private PubsubStores(KeyValueStore<String, byte[]> log, KeyValueStore<String, byte[]> notes) {
        this.log = log;
        this.notes = new StoredNotes(notes);
    }

    static PubsubStores of(Room.Stores stores) {
        return new PubsubStores(
                stores.get(KeeperStore.PUBSUB_LOG.storeName()), stores.get(KeeperStore.PUBSUB_NOTES.storeName()));
    }

    static List<StoreBuilder<?>> builders() {
        return List.of(plain(KeeperStore.PUBSUB_LOG), plain(KeeperStore.PUBSUB_NOTES));
    }

    private static StoreBuilder<?> plain(KeeperStore store) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(store.storeName()), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of());
    }

    private static String key(String topic, long offset) {
        String digits = Long.toString(offset);
        return topic.length() + "/" + topic + "/" + "0".repeat(OFFSET_DIGITS - digits.length()) + digits;
    }

    TopicInfo topic(String topic) {
        TopicInfo known = infos.get(topic);
        return known == null ? stored(topic) : known;
    }

    private TopicInfo stored(String topic) {
        RawJson info = notes.get(TOPIC + topic);
        return info == null ? TopicInfo.after(forgotten()) : TopicInfo.of(info);
    }

    private long forgotten() {
        RawJson highest = notes.get(FORGOTTEN);
        return highest == null ? 0 : Long.parseLong(highest.toString());
    }

    void putTopic(String topic, TopicInfo info) {
        infos.keep(topic, info);
        notes.put(TOPIC + topic, info.toJson());
    }

    void removeTopic(String topic) {
        notes.put(FORGOTTEN, RawJson.of(Long.toString(Math.max(forgotten(), topic(topic).latest()))));
        notes.put(TOPIC + topic, null);
        infos.remove(topic);
        times.remove(topic);
    }

    /** The event is what new subscribers of its topic are told of from now on; one without data: they are told of none. */
    void retain(PublishedEvent event) {
        RawJson retained = event.data().isNull()
                ? null
                : JsonBuilder.object(event.data().length() + 250)
                        .member("offset", event.offset())
                        .member("event", event.stored())
                        .build();
        notes.put(RETAINED + event.topic(), retained);
    }

    void forgetRetained(String topic) {
        notes.put(RETAINED + topic, null);
    }

    @Nullable PublishedEvent retained(String topic) {
        RawJson retained = notes.get(RETAINED + topic);
        if (retained == null) {
            return null;
        }
        Input members = Input.of("retained", retained);
        return PublishedEvent.of(topic, members.integer("offset", 0, Long.MAX_VALUE, 0), members.require("event"));
    }

    /** Shows the topics of which an event is retained, in order. */
    void forEachRetained(Consumer<String> visitor) {
        notes.forEach(RETAINED, (name, event) -> {
            visitor.accept(name.substring(RETAINED.length()));
            return true;
        });
    }

    /** Shows every topic that was published to, in order. */
    void forEachTopic(BiConsumer<String, TopicInfo> visitor) {
        notes.forEach(TOPIC, (name, info) -> {
            visitor.accept(name.substring(TOPIC.length()), TopicInfo.of(info));
            return true;
        });
    }

    /** The first names of notes from one, inclusive, to another, exclusive. */
    List<String> noteNames(String from, String before, int most) {
        return notes.names(from, before, most);
    }

    @Nullable RawJson note(String name) {
        return notes.get(name);
    }

    /** Keeps the note, or takes it away when it is null. */
    void putNote(String name, @Nullable RawJson note) {
        notes.put(name, note);
    }

    void append(PublishedEvent event) {
        log.put(key(event.topic(), event.offset()), event.stored().toBytes());
    }

    void remove(String topic, long offset) {
        log.put(key(topic, offset), null); // delete would read it first
    }

    @Nullable PublishedEvent event(String topic, long offset) {
        byte[] stored = log.get(key(topic, offset));
        return stored == null ? null : PublishedEvent.of(topic, offset, RawJson.of(stored));
    }

    /** When the event was published, in epoch milliseconds; asked again and again of the first. */
    long timeOf(String topic, long offset) {
        Time known = times.get(topic);
        if (known == null || known.offset() != offset) {
            PublishedEvent event = event(topic, offset);
            known = new Time(offset, event == null ? 0 : event.timestampMs());
            times.keep(topic, known);
        }
        return known.ms();
    }

    /** Shows the events of both offsets and all between, until the visitor has enough and answers false. */
    void scan(String topic, long from, long to, boolean ascending, Predicate<PublishedEvent> visitor) {
        if (from > to) {
            return;
        }
        try (KeyValueIterator<String, byte[]> found = ascending
                ? log.range(key(topic, from), key(topic, to))
                : log.reverseRange(key(topic, from), key(topic, to))) {
            boolean more = true;
            while (more && found.hasNext()) {
                var next = found.next();
                long offset = Long.parseLong(next.key.substring(next.key.length() - OFFSET_DIGITS));
                more = visitor.test(PublishedEvent.of(topic, offset, RawJson.of(next.value)));
            }
        }
    }

    /** The offset of the first event with that time or a later one; one more than the latest when there is none. */
    long offsetAt(String topic, TopicInfo info, long ms) {
        long low = info.earliest();
        long high = info.latest() + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            PublishedEvent event = event(topic, middle);
            if (event != null && event.timestampMs() >= ms) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
