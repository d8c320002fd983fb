package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Finds the jobs that go into the call of a first one: those whose turn it is, and those that only wait for them. */
final class Company {

    /** No batch has more bytes, unless it is of one event. */
    private static final int LARGEST_BATCH = 1024 * 1024;

    private final JobStore store;
    private final Job first;
    private final Batch batch;
    private final List<Job> found = new ArrayList<>();
    private int bytes;

    Company(JobStore store, Job first, Batch batch) {
        this.store = store;
        this.first = first;
        this.batch = batch;
        this.bytes = size(first);
    }

    /** Without the first, in the order in which they came. */
    List<Job> gather() {
        long ready = first.number();
        while (ready > 0 && !isFull()) {
            if (store.progress(ready) == null) {
                addLane(ready);
            }
            ready = store.firstReady(first.queueId(), ready + 1);
        }
        found.sort(Comparator.comparingLong(Job::number));
        return found;
    }

    /** Adds the job, unless it is the first, and those behind it in its lane. */
    private void addLane(long number) {
        long next = number;
        while (next > 0 && !isFull()) {
            Job job = store.job(next);
            if (job != null && next != first.number()) {
                bytes += size(job);
                if (bytes > LARGEST_BATCH) {
                    return; // it begins the next one
                }
                found.add(job);
            }
            next = behind(next, job);
        }
    }

    private long behind(long number, @Nullable Job job) {
        String lane = job == null ? null : job.laneId();
        return lane == null ? 0 : store.nextInLane(lane, number);
    }

    private boolean isFull() {
        return found.size() + 1 >= batch.maxEvents() || bytes > LARGEST_BATCH;
    }

    private static int size(Job job) {
        return job.call().data() == null ? 0 : job.call().data().length();
    }
}
