package io.iiikafka.topology.keeper.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.TreeSet;

import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * When deliveries of one queue began lately, by the key by which they are counted, and which jobs wait for that; forgotten
 * with the process.
 */
final class Pace {

    /** More than are added, so that all go in time. */
    private static final int FORGOTTEN_AT_ONCE = 2;

    private record Wake(long ms, String key) {}

    /** Those first whose last start is longest ago. */
    private final SequencedMap<String, ArrayDeque<Long>> starts = new LinkedHashMap<>();

    private final Map<String, TreeSet<Entry>> held = new HashMap<>();
    /** One for each key of those that are held. */
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::ms));
    private long countsUntilMs;

    /** When the next may begin; not after {@code nowMs}: now. */
    long nextMs(String key, QueueSettings.RateLimit limit) {
        ArrayDeque<Long> lately = starts.get(key);
        return lately == null || lately.size() < limit.max() ? 0 : lately.element() + limit.perMs();
    }

    void began(String key, QueueSettings.RateLimit limit, long nowMs) {
        ArrayDeque<Long> lately = starts.getOrDefault(key, new ArrayDeque<>());
        while (lately.size() >= limit.max()) {
            lately.remove();
        }
        lately.add(nowMs);
        starts.putLast(key, lately);
        for (int i = 0; i < FORGOTTEN_AT_ONCE; i++) {
            if (starts.firstEntry().getValue().getLast() + limit.perMs() < nowMs) {
                starts.pollFirstEntry();
            }
        }
        countsUntilMs = Math.max(countsUntilMs, nowMs + limit.perMs());
    }

    /** Until when anything counts that began; 0: nothing does. */
    long countsUntilMs() {
        return countsUntilMs;
    }

    /** Has the entry wait with others of its key, so that they need not be looked at one by one. */
    void hold(String key, Entry entry, long untilMs) {
        TreeSet<Entry> others = held.get(key);
        if (others == null) {
            others = new TreeSet<>();
            held.put(key, others);
            wakes.add(new Wake(untilMs, key));
        }
        others.add(entry);
        entry.heldIn(others);
    }

    /** When some of those that are held may go on; {@link Long#MAX_VALUE}: none is. */
    long nextReleaseMs() {
        Wake first = wakes.peek();
        return first == null ? Long.MAX_VALUE : first.ms();
    }

    /**
     * Lets those go on that may begin now.
     *
     * @param limit null: there is none any more
     */
    List<Entry> release(QueueSettings.@Nullable RateLimit limit, long nowMs) {
        List<Entry> released = new ArrayList<>();
        while (nextReleaseMs() <= nowMs) {
            String key = wakes.remove().key();
            TreeSet<Entry> waiting = held.getOrDefault(key, new TreeSet<>());
            long free = limit == null ? Long.MAX_VALUE : limit.max() - counting(key, limit, nowMs).size();
            for (; free > 0 && !waiting.isEmpty(); free--) {
                Entry entry = waiting.removeFirst();
                entry.heldIn(null);
                released.add(entry);
            }
            if (waiting.isEmpty() || limit == null) {
                held.remove(key);
            } else {
                List<Long> counting = counting(key, limit, nowMs);
                wakes.add(new Wake((counting.isEmpty() ? nowMs : counting.getFirst()) + limit.perMs(), key));
            }
        }
        return released;
    }

    private List<Long> counting(String key, QueueSettings.RateLimit limit, long nowMs) {
        return starts.getOrDefault(key, new ArrayDeque<>()).stream()
                .filter(each -> each + limit.perMs() > nowMs)
                .toList();
    }
}
