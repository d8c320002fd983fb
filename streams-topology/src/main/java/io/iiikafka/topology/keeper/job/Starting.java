package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/** Begins attempts: makes the call of the job whose turn has come, with others that are told in the same one. */
final class Starting {

    private final JobStore store;
    private final Agreements agreements;
    private final LongSupplier clock;
    private final Queues queues;
    private final List<Attempt> attempts = new ArrayList<>();

    /** @param clock epoch milliseconds; commands that had to wait are older */
    Starting(JobStore store, Agreements agreements, LongSupplier clock, Queues queues) {
        this.store = store;
        this.agreements = agreements;
        this.clock = clock;
        this.queues = queues;
    }

    /** The turn of the job has come. */
    void start(Entry entry, Job job, long nowMs) {
        entry.queue().looked(null);
        entry.queue().turns().remove(entry);
        entry.queue().watch().delivered(nowMs - (entry.upMs() == 0 ? nowMs : entry.upMs()));
        entry.up(nowMs);
        entry.began(nowMs);
        Active begun = queues.active(entry.number());
        if (begun == null) {
            begun = new Active(entry, job.call().invocationId(), company(entry, job));
            queues.active(begun);
        }
        Rules rules = agreements.rules(job.terms());
        // What waited for a keeper has all its time from now on. The id of the call does not depend on it.
        long dueMs = Math.max(nowMs, clock.getAsLong()) + rules.timeoutMs();
        Progress before = entry.progress() == null
                ? Progress.begun(begun.with().stream().map(Entry::number).toList())
                : entry.progress();
        Progress progress = before.started(dueMs);
        queues.progress(entry, progress);
        entry.queue().began();
        attempts.add(new Attempt(
                job.attempt(progress, store.jobs(progress.with()), rules),
                job.condition(),
                job.number(),
                entry.queue().name(),
                job.call().invocationId(),
                before.attempts() + rules.made(),
                agreements.resultRetentionMs(entry.queue().name()) > 0,
                job.terms() instanceof Terms.Agreed agreed ? agreed.redrivenBy() : null));
    }

    /** Whether others may come that are to be told in the same call. */
    boolean waitsForMore(Entry entry, @Nullable Batch batch, long nowMs) {
        long untilMs = batch == null ? 0 : entry.createdMs() + batch.maxWaitMs();
        if (batch == null
                || nowMs >= untilMs
                || entry.queue().untried() >= batch.maxEvents()
                || entry.progress() != null) {
            return false;
        }
        queues.lookAt(entry.queue(), untilMs);
        return true;
    }

    /** Takes further jobs for the call of the first. */
    private static List<Entry> company(Entry first, Job job) {
        first.queue().untried(-1);
        Batch batch = job.terms() instanceof Terms.Own own ? own.batch() : null;
        if (batch == null) {
            return List.of();
        }
        List<Entry> company = new Company(first, batch).gather();
        for (Entry each : company) {
            each.taken();
            each.queue().turns().remove(each);
            if (each.lane() != null) {
                each.queue().lane(each.lane()).waiting().remove(each);
            }
        }
        first.queue().untried(-company.size());
        return company;
    }

    /** The attempts that were begun since this was asked last. */
    List<Attempt> begun() {
        if (attempts.isEmpty()) {
            return List.of();
        }
        List<Attempt> begun = List.copyOf(attempts);
        attempts.clear();
        return begun;
    }
}
