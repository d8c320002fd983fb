package io.iiikafka.topology.keeper.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one partition.
 *
 * <ol>
 *   <li>{@code number}: the last number given.
 *   <li>{@code job/<number>}: the job; {@code try/<number>}: its {@link Progress}, once it was tried.
 *   <li>{@code lane/<lane>}: how many jobs of a lane there are; {@code lane/<lane>/<number>}: each of them.
 *   <li>{@code ready/<queue>/<number>}: jobs that wait for nothing but their turn.
 *   <li>{@code due/<epoch ms>/<number>}: when to look after a job.
 * </ol>
 */
final class JobStore {

    private static final String NUMBER = "number";
    private static final String DUE = "due/";
    private static final byte[] HERE = {'1'};
    private static final long FAR_MS = 999_999_999_999_998L;

    private final KeyValueStore<String, byte[]> store;

    /** Before this there is nothing to look after: what was there need not be passed by again. */
    private long dueFromMs;

    JobStore(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> builder() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(KeeperStore.JOBS.storeName()), Serdes.String(), Serdes.ByteArray());
    }

    private static String digits(long number) {
        return String.format("%019d", number);
    }

    private static long numberIn(String key) {
        return Long.parseLong(key.substring(key.lastIndexOf('/') + 1));
    }

    long nextNumber() {
        long number = count(NUMBER) + 1;
        store.put(NUMBER, Long.toString(number).getBytes(UTF_8));
        return number;
    }

    private long count(String key) {
        byte[] text = store.get(key);
        return text == null ? 0 : Long.parseLong(new String(text, UTF_8));
    }

    void put(Job job) {
        store.put("job/" + digits(job.number()), job.toJson().toBytes());
    }

    @Nullable Job job(long number) {
        byte[] stored = store.get("job/" + digits(number));
        return stored == null ? null : Job.of(number, RawJson.of(stored));
    }

    /** Those that are there. */
    List<Job> jobs(List<Long> numbers) {
        List<Job> jobs = new ArrayList<>(numbers.size());
        for (long number : numbers) {
            Job job = job(number);
            if (job != null) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    void remove(long number) {
        store.delete("job/" + digits(number));
    }

    @Nullable Progress progress(long number) {
        byte[] stored = store.get("try/" + digits(number));
        return stored == null ? null : Progress.of(RawJson.of(stored));
    }

    /** Keeps how far the job is and when to look after it, or, when it is null, neither. */
    void progress(long number, @Nullable Progress before, @Nullable Progress after) {
        if (before != null && before.dueMs() > 0) {
            store.delete(Due.name(DUE, before.dueMs(), digits(number)));
        }
        if (after == null) {
            store.delete("try/" + digits(number));
            return;
        }
        store.put("try/" + digits(number), after.toJson().toBytes());
        if (after.dueMs() > 0) {
            dueFromMs = Math.min(dueFromMs, after.dueMs());
            store.put(Due.name(DUE, after.dueMs(), digits(number)), HERE);
        }
    }

    void forEachProgress(BiConsumer<Long, Progress> visitor) {
        try (KeyValueIterator<String, byte[]> found = store.range("try/", "try0")) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> each = found.next();
                visitor.accept(numberIn(each.key), Progress.of(RawJson.of(each.value)));
            }
        }
    }

    /** Adds the job to its lane; whether it is the only one there. */
    boolean join(String laneId, long number) {
        String lane = "lane/" + laneId;
        long before = count(lane);
        store.put(lane, Long.toString(before + 1).getBytes(UTF_8));
        store.put(lane + '/' + digits(number), HERE);
        return before == 0;
    }

    /** Takes the first job out of its lane; gives the next one, 0 when there is none. */
    long leave(String laneId, long number) {
        String lane = "lane/" + laneId;
        store.delete(lane + '/' + digits(number));
        long left = count(lane) - 1;
        if (left <= 0) {
            store.delete(lane);
            return 0;
        }
        store.put(lane, Long.toString(left).getBytes(UTF_8));
        return first(lane + '/', number + 1);
    }

    /** The job after that one in its lane; 0 when there is none. */
    long nextInLane(String laneId, long number) {
        return first("lane/" + laneId + '/', number + 1);
    }

    void ready(String queueId, long number) {
        store.put("ready/" + queueId + '/' + digits(number), HERE);
    }

    void notReady(String queueId, long number) {
        store.delete("ready/" + queueId + '/' + digits(number));
    }

    /** The first job of the queue, of those from that number on, whose turn it is; 0 when there is none. */
    long firstReady(String queueId, long from) {
        return first("ready/" + queueId + '/', from);
    }

    private long first(String prefix, long from) {
        try (KeyValueIterator<String, byte[]> found =
                store.range(prefix + digits(from), prefix + digits(Long.MAX_VALUE))) {
            return found.hasNext() ? numberIn(found.next().key) : 0;
        }
    }

    /** Every queue of which a job is ready. */
    List<String> readyQueues() {
        List<String> queues = new ArrayList<>();
        String from = "ready/";
        while (true) {
            try (KeyValueIterator<String, byte[]> found = store.range(from, "ready0")) {
                if (!found.hasNext()) {
                    return queues;
                }
                String key = found.next().key;
                String queue = key.substring("ready/".length(), key.lastIndexOf('/'));
                queues.add(queue);
                from = "ready/" + queue + '0';
            }
        }
    }

    /** Jobs to look after by that time, earliest first. */
    List<Long> due(long nowMs, int most) {
        List<Long> numbers = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> found = store.range(Due.name(DUE, dueFromMs, ""), Due.name(DUE, nowMs + 1, ""))) {
            while (found.hasNext() && numbers.size() < most) {
                numbers.add(numberIn(found.next().key));
            }
        }
        return numbers;
    }

    /** When to look after the first; {@link Long#MAX_VALUE}: there is none. */
    long firstDueMs() {
        try (KeyValueIterator<String, byte[]> found =
                store.range(Due.name(DUE, dueFromMs, ""), Due.name(DUE, FAR_MS, ""))) {
            dueFromMs = found.hasNext() ? Due.ms(DUE, found.next().key) : FAR_MS;
        }
        return earliestDueMs();
    }

    /** As {@link #firstDueMs()}, without looking for what has become of it since. */
    long earliestDueMs() {
        return dueFromMs == FAR_MS ? Long.MAX_VALUE : dueFromMs;
    }
}
