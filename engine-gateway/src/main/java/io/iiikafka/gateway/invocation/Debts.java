package io.iiikafka.gateway.invocation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The deliveries that this gateway runs though it has handed over the slots that they came by. The slots' new owners know
 * nothing of them, so they stand in this gateway's catalog entry until they are answered. Any thread.
 */
final class Debts {

    private final Map<Integer, List<SlotProgress.Mark>> bySlot = new ConcurrentHashMap<>();

    /** Adds what a slot that is about to be handed over leaves unfinished. */
    void add(int slot, List<SlotProgress.Mark> unfinished) {
        bySlot.merge(slot, unfinished, Debts::both);
    }

    private static List<SlotProgress.Mark> both(List<SlotProgress.Mark> older, List<SlotProgress.Mark> newer) {
        return Stream.concat(older.stream(), newer.stream()).toList();
    }

    /** Offsets of what is still unanswered, by slot; null when there is nothing. */
    @Nullable Map<Integer, List<Long>> offsets() {
        if (bySlot.isEmpty()) {
            return null;
        }
        Map<Integer, List<Long>> offsets = new TreeMap<>();
        for (Integer slot : bySlot.keySet()) {
            List<SlotProgress.Mark> left = bySlot.computeIfPresent(slot, (key, marks) -> {
                List<SlotProgress.Mark> rest = marks.stream().filter(mark -> !mark.isDone()).toList();
                return rest.isEmpty() ? null : rest;
            });
            if (left != null) {
                offsets.put(slot, left.stream().map(SlotProgress.Mark::offset).distinct().toList());
            }
        }
        return offsets.isEmpty() ? null : offsets;
    }
}
