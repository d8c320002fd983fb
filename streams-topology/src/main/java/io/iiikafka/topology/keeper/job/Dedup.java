package io.iiikafka.topology.keeper.job;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Jobs by the keys by which later ones are taken for the same (spec: queue.md 12.2), of one partition. */
final class Dedup {

    private static final int MOST_SWEPT = 20;

    /** So long a key whose time is over may stay when no job comes. */
    private static final long SWEEP_MS = 10_000;

    /** @param untilMs {@link Long#MAX_VALUE}: until the job is over */
    record Kept(String receipt, long number, long untilMs) {

        RawJson toJson() {
            return JsonBuilder.object()
                    .member("receipt", receipt)
                    .member("number", number)
                    .member("until", untilMs)
                    .build();
        }

        static Kept of(RawJson json) {
            Job.Members members = new Job.Members(json);
            return new Kept(members.text("receipt"), members.number("number"), members.number("until"));
        }
    }

    private record End(long ms, String name) {}

    private final JobStore store;
    private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::ms));
    private final Map<Long, String> untilDone = new HashMap<>();

    Dedup(JobStore store) {
        this.store = store;
        store.forEachDedup((name, json) -> index(name, Kept.of(json)));
    }

    private void index(String name, Kept kept) {
        if (kept.untilMs() == Long.MAX_VALUE) {
            untilDone.put(kept.number(), name);
        } else {
            ends.add(new End(kept.untilMs(), name));
        }
    }

    /** The job that has the key; null when there is none, or not any more. */
    @Nullable Kept find(String queue, String key, long nowMs) {
        RawJson json = store.dedup(name(queue, key));
        Kept kept = json == null ? null : Kept.of(json);
        return kept == null || kept.untilMs() <= nowMs ? null : kept;
    }

    void keep(String queue, String key, Kept kept) {
        String name = name(queue, key);
        store.dedup(name, kept.toJson());
        index(name, kept);
    }

    private static String name(String queue, String key) {
        return queue + '\0' + key;
    }

    /** The job is over. */
    void done(long number) {
        String name = untilDone.remove(number);
        if (name != null) {
            store.dedup(name, null);
        }
    }

    /** When there is something to forget, in epoch milliseconds. */
    long nextDueMs() {
        return ends.isEmpty() ? Long.MAX_VALUE : ends.element().ms() + SWEEP_MS;
    }

    /** Forgets some whose time is over. */
    void sweep(long nowMs) {
        for (int i = 0; i < MOST_SWEPT && !ends.isEmpty() && ends.element().ms() <= nowMs; i++) {
            String name = ends.remove().name();
            RawJson json = store.dedup(name);
            if (json != null && Kept.of(json).untilMs() <= nowMs) { // it may have been given to another job since
                store.dedup(name, null);
            }
        }
    }
}
