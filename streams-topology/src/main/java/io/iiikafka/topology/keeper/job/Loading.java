package io.iiikafka.topology.keeper.job;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/** Finds the jobs of a partition that is opened, and how far they were. */
final class Loading {

    private final JobStore store;
    private final Queues queues;
    private final long nowMs;
    private final Map<Long, Entry> busy = new HashMap<>();
    private final Map<Long, String> ids = new HashMap<>();
    private final List<Entry> idle = new ArrayList<>();

    /** @param clock epoch milliseconds */
    Loading(JobStore store, Queues queues, LongSupplier clock) {
        this.store = store;
        this.queues = queues;
        this.nowMs = clock.getAsLong();
    }

    /** Reads all of the store, once. */
    void run() {
        store.paused().forEach(each -> queues.queue(each).pause(true));
        Map<Long, Progress> tried = store.tried();
        Set<Long> together = new HashSet<>();
        tried.values().forEach(each -> together.addAll(each.with()));
        store.forEachJob(job -> load(job, tried.get(job.number()), together.contains(job.number())));
        tried.forEach((number, progress) -> {
            Entry entry = busy.get(number);
            if (entry != null) {
                resume(entry, progress);
            }
        });
        idle.forEach(each -> queues.arrive(each, each.createdMs()));
        store.dropped().forEach((name, number) -> queues.queue(name).condemn(number));
        queues.all().forEach(each -> queues.lookAt(each, 0));
    }

    /** @param together whether it is told with another one */
    private void load(Job job, @Nullable Progress progress, boolean together) {
        Entry entry = queues.entry(job, progress);
        entry.queue().came(entry);
        if (progress != null || together) {
            busy.put(entry.number(), entry);
            ids.put(entry.number(), job.call().invocationId());
            if (progress == null) {
                entry.taken();
            }
            if (entry.lane() != null) {
                entry.queue().lane(entry.lane()).restore(entry);
            }
        } else if (entry.lentAs() != null) {
            // While nobody looked after the partition, nobody heard that it goes on.
            queues.delay(entry, nowMs + Handovers.LEASE_MS);
        } else if (job.terms() instanceof Terms.Agreed agreed && agreed.notBeforeMs() > nowMs) {
            queues.delay(entry, agreed.notBeforeMs());
        } else {
            idle.add(entry);
        }
        queues.expire(entry);
    }

    private void resume(Entry entry, Progress progress) {
        List<Entry> with = progress.with().stream()
                .filter(busy::containsKey)
                .map(each -> requireNonNull(busy.get(each)))
                .toList();
        queues.resume(new Active(entry, requireNonNull(ids.get(entry.number())), with), progress);
    }
}
