package io.iiikafka.topology.keeper.job;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Jobs that run one after the other: the first is at work, repeated perhaps, and the others wait for its end, in the order
 * in which they came, whatever their priority: that counts between the first ones of several lanes.
 */
final class Lane {

    private final TreeSet<Entry> waiting = new TreeSet<>(Comparator.comparingLong(Entry::number));
    private @Nullable Entry first;

    /** Whether its turn has come already. */
    boolean join(Entry entry) {
        if (first != null && !first.equals(entry)) {
            waiting.add(entry);
            return false;
        }
        first = entry;
        return true;
    }

    /** It was at work when the process ended; of several that were told together the first is. */
    void restore(Entry entry) {
        first = first == null ? entry : first;
    }

    /** Takes the entry out; gives the one whose turn has come by that. */
    @Nullable Entry leave(Entry entry) {
        if (!entry.equals(first)) {
            waiting.remove(entry);
            return null;
        }
        first = waiting.pollFirst();
        return first;
    }

    /** Those behind the first, in order. */
    NavigableSet<Entry> waiting() {
        return waiting;
    }

    boolean isEmpty() {
        return first == null;
    }
}
