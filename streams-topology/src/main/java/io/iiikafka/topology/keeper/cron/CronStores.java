package io.iiikafka.topology.keeper.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.StoredNotes;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The stores of schedules on one partition.
 *
 * <ol>
 *   <li>{@link KeeperStore#CRON}: {@code schedule/<key>} → {@link Schedule}; {@code run/<number>} → {@link Run};
 *       {@code number} → that of the last run.
 *   <li>{@link KeeperStore#CRON_HISTORY}: {@code <key>/<0 to 99>} → an ended run; each replaces the one a hundred before
 *       it, so that the history stays bounded without being cleared.
 * </ol>
 */
final class CronStores {

    /** So many ended runs of a schedule are kept. */
    static final int HISTORY = 100;

    private static final String SCHEDULE = "schedule/";
    private static final String RUN = "run/";
    private static final String NUMBER = "number";

    private final StoredNotes notes;
    private final StoredNotes history;

    private CronStores(StoredNotes notes, StoredNotes history) {
        this.notes = notes;
        this.history = history;
    }

    static CronStores of(Room.Stores stores) {
        return new CronStores(
                new StoredNotes(stores.get(KeeperStore.CRON.storeName())),
                new StoredNotes(stores.get(KeeperStore.CRON_HISTORY.storeName())));
    }

    static List<StoreBuilder<?>> builders() {
        return List.of(builder(KeeperStore.CRON), builder(KeeperStore.CRON_HISTORY));
    }

    private static StoreBuilder<?> builder(KeeperStore store) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(store.storeName()), Serdes.String(), Serdes.ByteArray());
    }

    @Nullable Schedule schedule(String key) {
        RawJson stored = notes.get(SCHEDULE + key);
        return stored == null ? null : Schedule.of(stored);
    }

    void put(String key, Schedule schedule) {
        notes.put(SCHEDULE + key, schedule.toJson());
    }

    /** Forgets the schedule and its history. */
    void remove(String key, Schedule schedule) {
        notes.put(SCHEDULE + key, null);
        for (long slot = 0; slot < Math.min(schedule.told, HISTORY); slot++) {
            history.put(slot(key, slot), null);
        }
    }

    void forEachSchedule(Consumer<String> visitor) {
        notes.forEach(SCHEDULE, (name, stored) -> {
            visitor.accept(name.substring(SCHEDULE.length()));
            return true;
        });
    }

    long nextNumber() {
        RawJson last = notes.get(NUMBER);
        long number = last == null ? 1 : Long.parseLong(last.toString()) + 1;
        notes.put(NUMBER, RawJson.of(Long.toString(number)));
        return number;
    }

    @Nullable Run run(long number) {
        RawJson stored = notes.get(RUN + number);
        return stored == null ? null : Run.of(stored);
    }

    void put(Run run) {
        notes.put(RUN + run.number(), run.toJson());
    }

    void removeRun(long number) {
        notes.put(RUN + number, null);
    }

    void forEachRun(Consumer<Run> visitor) {
        notes.forEach(RUN, (name, stored) -> {
            visitor.accept(Run.of(stored));
            return true;
        });
    }

    /** Adds an entry; the schedule is to be stored after it. */
    void tell(String key, Schedule schedule, RawJson entry) {
        history.put(slot(key, schedule.told++ % HISTORY), entry);
    }

    /** The last entries, the newest first. */
    List<RawJson> history(String key, Schedule schedule, int most) {
        List<RawJson> entries = new ArrayList<>();
        long first = Math.max(0, schedule.told - Math.min(most, HISTORY));
        for (long at = schedule.told - 1; at >= first; at--) {
            RawJson entry = history.get(slot(key, at % HISTORY));
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static String slot(String key, long number) {
        return key + "/" + number;
    }
}
