package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the jobs that go into the call of a first one: those whose turn it is, and those that only wait for them. */
final class Company {

    /** No batch has more bytes, unless it is of one event. */
    private static final int LARGEST_BATCH = 1024 * 1024;

    private final Entry first;
    private final Batch batch;
    private final List<Entry> found = new ArrayList<>();
    private int bytes;

    Company(Entry first, Batch batch) {
        this.first = first;
        this.batch = batch;
        this.bytes = first.bytes();
    }

    /** Without the first, in the order in which they came. */
    List<Entry> gather() {
        addLane(first);
        for (Entry ready : first.target().ready()) {
            if (isFull()) {
                break;
            }
            if (ready.progress() == null && !ready.equals(first)) {
                add(ready);
                addLane(ready);
            }
        }
        found.sort(Comparator.comparingLong(Entry::number));
        return found;
    }

    /** Adds those behind it in its lane. */
    private void addLane(Entry entry) {
        if (entry.lane() != null && bytes <= LARGEST_BATCH) {
            for (Entry behind : first.queue().lane(entry.lane()).waiting()) {
                if (isFull() || !add(behind)) {
                    return;
                }
            }
        }
    }

    private boolean add(Entry entry) {
        if (isFull()) {
            return false;
        }
        bytes += entry.bytes();
        if (bytes > LARGEST_BATCH) {
            return false; // it begins the next one
        }
        found.add(entry);
        return true;
    }

    private boolean isFull() {
        return found.size() + 1 >= batch.maxEvents() || bytes > LARGEST_BATCH;
    }
}
