package io.iiikafka.topology.keeper.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.RawJson;
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
 *   <li>{@code job/<number>}: the job; {@code try/<number>}: its {@link Progress}, once it was tried.
 *   <li>{@code number}: the last number given without a command.
 *   <li>{@code dedup/<queue> <key>}: whose the {@linkplain Dedup deduplication key} is.
 *   <li>{@code result/<queue> <receipt>}: what the job came to, {@linkplain Results if that is kept}.
 *   <li>{@code epoch/<subscription>}: which subscription of that key has had jobs here.
 *   <li>{@code paused/<queue>}: that the queue is paused.
 *   <li>{@code dropped/<queue>}: the last number of its jobs that are to be dropped, until they are gone.
 * </ol>
 *
 * <p>Each write goes through Kafka, so nothing is kept that can be found by reading all of them once; and jobs, how far they
 * are, and the last number are written when Streams commits. A job that was done before is never written.
 */
final class JobStore {

    private static final String NUMBER = "number";
    private static final String JOB = "job/";
    private static final String TRY = "try/";
    private static final String PAUSED = "paused/";
    private static final String DEDUP = "dedup/";
    private static final String RESULT = "result/";
    private static final String EPOCH = "epoch/";
    private static final String DROPPED = "dropped/";
    private static final byte[] HERE = {'1'};

    /** So many jobs a command may make before it takes numbers of the next. */
    private static final int BITS = 16;

    /** So much payload may wait for the commit. */
    private static final long MOST_HELD_BYTES = 16 * 1024 * 1024;

    private final KeyValueStore<String, byte[]> store;
    private final Map<Long, Job> newJobs = new HashMap<>();
    private final Map<Long, Progress> changedTries = new HashMap<>();
    private final Set<Long> storedTries = new HashSet<>();
    private long heldBytes;
    private long last;
    private boolean numberChanged;
    private boolean inCommand;

    JobStore(LateStore late) {
        this.store = late.stored();
        late.beforeCommit(this::write);
        byte[] kept = store.get(NUMBER);
        this.last = kept == null ? 0 : Long.parseLong(new String(kept, UTF_8));
    }

    /**
     * Numbers follow from the position of the command that makes the job, so that they are the same when it is run again.
     *
     * @param offset of the command; -1: there is none
     */
    void at(long offset) {
        inCommand = offset >= 0;
        if (inCommand) {
            last = Math.max(last, (offset + 1 << BITS) - 1);
        }
    }

    /** Unique, and greater than those before. */
    long nextNumber() {
        last++;
        numberChanged |= !inCommand;
        return last;
    }

    static StoreBuilder<LateStore> builder() {
        return new LateStore.Builder(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(KeeperStore.JOBS.storeName()), Serdes.String(), Serdes.ByteArray()));
    }

    private void write() {
        newJobs.values().forEach(this::write);
        newJobs.clear();
        heldBytes = 0;
        changedTries.forEach((number, progress) ->
                store.put(TRY + digits(number), progress.toJson().toBytes()));
        storedTries.addAll(changedTries.keySet());
        changedTries.clear();
        if (numberChanged) {
            store.put(NUMBER, Long.toString(last).getBytes(UTF_8));
            numberChanged = false;
        }
    }

    private void write(Job job) {
        store.put(JOB + digits(job.number()), job.toJson().toBytes());
    }

    private static String digits(long number) {
        String digits = Long.toString(number);
        return "0".repeat(19 - digits.length()) + digits;
    }

    private static long numberIn(String key) {
        return Long.parseLong(key.substring(key.lastIndexOf('/') + 1));
    }

    /** Keeps a job that was not kept before. */
    void add(Job job) {
        newJobs.put(job.number(), job);
        heldBytes += job.call().data() == null ? 0 : job.call().data().length();
        if (heldBytes > MOST_HELD_BYTES) {
            write();
        }
    }

    /** Keeps what a job has become. */
    void replace(Job job) {
        if (newJobs.replace(job.number(), job) == null) {
            write(job);
        }
    }

    @Nullable Job job(long number) {
        Job fresh = newJobs.get(number);
        if (fresh != null) {
            return fresh;
        }
        byte[] stored = store.get(JOB + digits(number));
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

    void forEachJob(Consumer<Job> visitor) {
        forEach(JOB, (key, value) -> {
            last = Math.max(last, numberIn(key));
            visitor.accept(Job.of(numberIn(key), RawJson.of(value)));
        });
    }

    void remove(long number) {
        if (newJobs.remove(number) == null) {
            store.delete(JOB + digits(number));
        }
    }

    /** How far each job is that was tried. */
    Map<Long, Progress> tried() {
        Map<Long, Progress> tried = new HashMap<>();
        forEach(TRY, (key, value) -> tried.put(numberIn(key), Progress.of(RawJson.of(value))));
        storedTries.addAll(tried.keySet());
        return tried;
    }

    void progress(long number, @Nullable Progress progress) {
        if (progress != null) {
            changedTries.put(number, progress);
            return;
        }
        changedTries.remove(number);
        if (storedTries.remove(number)) {
            store.delete(TRY + digits(number));
        }
    }

    @Nullable RawJson dedup(String name) {
        byte[] stored = store.get(DEDUP + name);
        return stored == null ? null : RawJson.of(stored);
    }

    /** Keeps it, or takes it away when it is null. */
    void dedup(String name, @Nullable RawJson json) {
        store.put(DEDUP + name, json == null ? null : json.toBytes());
    }

    void forEachDedup(BiConsumer<String, RawJson> visitor) {
        forEach(DEDUP, (key, value) -> visitor.accept(key.substring(DEDUP.length()), RawJson.of(value)));
    }

    @Nullable RawJson result(String name) {
        byte[] stored = store.get(RESULT + name);
        return stored == null ? null : RawJson.of(stored);
    }

    /** Keeps it, or takes it away when it is null. */
    void result(String name, @Nullable RawJson json) {
        store.put(RESULT + name, json == null ? null : json.toBytes());
    }

    void forEachResult(BiConsumer<String, RawJson> visitor) {
        forEach(RESULT, (key, value) -> visitor.accept(key.substring(RESULT.length()), RawJson.of(value)));
    }

    /** Keeps which subscription of that key has jobs here; null: none has. */
    void epoch(String subscription, @Nullable String epoch) {
        store.put(EPOCH + subscription, epoch == null ? null : epoch.getBytes(UTF_8));
    }

    Map<String, String> epochs() {
        Map<String, String> epochs = new HashMap<>();
        forEach(EPOCH, (key, value) -> epochs.put(key.substring(EPOCH.length()), new String(value, UTF_8)));
        return epochs;
    }

    void pause(String queue, boolean paused) {
        if (paused) {
            store.put(PAUSED + queue, HERE);
        } else {
            store.delete(PAUSED + queue);
        }
    }

    List<String> paused() {
        List<String> queues = new ArrayList<>();
        forEach(PAUSED, (key, value) -> queues.add(key.substring(PAUSED.length())));
        return queues;
    }

    /** Keeps that jobs of the queue are to be dropped, those up to that number; null: none are. */
    void dropped(String queue, @Nullable Long number) {
        store.put(DROPPED + queue, number == null ? null : Long.toString(number).getBytes(UTF_8));
    }

    Map<String, Long> dropped() {
        Map<String, Long> dropped = new HashMap<>();
        forEach(DROPPED, (key, value) ->
                dropped.put(key.substring(DROPPED.length()), Long.parseLong(new String(value, UTF_8))));
        return dropped;
    }

    private void forEach(String prefix, BiConsumer<String, byte[]> visitor) {
        String end = prefix.substring(0, prefix.length() - 1) + '0'; // the character after '/'
        try (KeyValueIterator<String, byte[]> found = store.range(prefix, end)) {
            while (found.hasNext()) {
                KeyValue<String, byte[]> each = found.next();
                visitor.accept(each.key, each.value);
            }
        }
    }
}
