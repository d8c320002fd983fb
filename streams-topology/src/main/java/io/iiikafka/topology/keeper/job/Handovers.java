package io.iiikafka.topology.keeper.job;

import java.util.function.LongSupplier;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * What gateways tell of jobs that they run themselves: what failed becomes a job here, what takes long is kept here while it
 * goes on there.
 */
public final class Handovers {

    /** So long a job that is lent is waited for, unless its gateway says otherwise. */
    public static final long LEASE_MS = 30_000;

    /** Longer than a record is read again of which this was told. */
    private static final long TOLD_AGAIN_MS = 600_000;

    private final JobStore store;
    private final Dedup dedup;
    private final Queues queues;
    private final Agreements agreements;
    private final Judgement judgement;
    private final JobWatch watch;
    private final LongSupplier clock;

    /** @param clock epoch milliseconds */
    Handovers(
            JobStore store,
            Dedup dedup,
            Queues queues,
            Agreements agreements,
            Judgement judgement,
            JobWatch watch,
            LongSupplier clock) {
        this.store = store;
        this.dedup = dedup;
        this.queues = queues;
        this.agreements = agreements;
        this.judgement = judgement;
        this.watch = watch;
        this.clock = clock;
    }

    /**
     * Takes on a call that somebody else has made, and that failed: as {@link Jobs#take}, after the back-off, or as a dead letter
     * at once. One that was told already, within some minutes, is ignored.
     *
     * @param enqueuedMs when the job was enqueued, in epoch milliseconds
     */
    public void failed(
            Call call, @Nullable String condition, String queue, Tried tried, long enqueuedMs, long nowMs) {
        long number = numberOf(call, queue, tried.once(), nowMs);
        if (number >= 0) {
            failed(number, call, condition, queue, tried, enqueuedMs, nowMs);
        }
    }

    /** The number of a new job; -1: whoever tells of it did so before, but did not get the answer in time. */
    private long numberOf(Call call, String queue, @Nullable String told, long nowMs) {
        dedup.sweep(nowMs);
        String once = told == null ? call.invocationId() : told;
        if (dedup.find(queue, once, nowMs) != null) {
            return -1;
        }
        long number = store.nextNumber();
        dedup.keep(queue, once, new Dedup.Kept(call.invocationId(), number, nowMs + TOLD_AGAIN_MS));
        return number;
    }

    private void failed(
            long number,
            Call call,
            @Nullable String condition,
            String queue,
            Tried tried,
            long enqueuedMs,
            long nowMs) {
        int made = tried.made();
        RawJson overrides = made == 0 ? null : JsonBuilder.object().member("made", made).build();
        Rules rules = agreements.rules(new Terms.Agreed(queue, null, 0, 0, 0, overrides));
        String code = Judgement.code(tried.error());
        boolean over = tried.last() || made > 0 && (rules.maxAttempts() <= made || rules.finalCodes().contains(code));
        long pauseMs = made == 0
                ? code.equals(ErrorCode.FUNCTION_NOT_FOUND.code()) ? 0 : Judgement.FIRST_PAUSE_MS
                : rules.delayMs(made, call.invocationId());
        long retryMs = over || pauseMs == 0 && made == 0 ? 0 : nowMs + pauseMs;
        Terms terms = new Terms.Agreed(queue, null, 0, retryMs, 0, overrides);
        Job job = new Job(number, call, condition, terms, nowMs, enqueuedMs);
        if (over) {
            watch.of(queue).deadLettered();
            judgement.bury(job, made, tried.error(), nowMs);
        } else {
            if (tried.delivered()) {
                watch.of(queue).retried();
            }
            queues.add(job, nowMs, !tried.known());
        }
    }

    /**
     * Keeps a job that somebody else runs, who has to say that {@linkplain #lendAgain again} or {@linkplain #giveBack how it
     * ended}: if nobody does, it is run here.
     *
     * @param name of the job between the two; the same again is the same
     * @param enqueuedMs when the job was enqueued, in epoch milliseconds
     */
    public void lend(Call call, String queue, String name, long leaseMs, long enqueuedMs, long nowMs) {
        long number = numberOf(call, queue, name, nowMs);
        if (number >= 0) {
            RawJson mark = JsonBuilder.object().member("lent", name).build();
            Terms terms = new Terms.Agreed(queue, null, 0, untilMs(leaseMs, nowMs), 0, mark);
            queues.add(new Job(number, call, null, terms, nowMs, enqueuedMs), nowMs, false); // its gateway counts it
        }
    }

    /** A command that had to wait is older than the time. */
    private long untilMs(long leaseMs, long nowMs) {
        return Math.max(nowMs, clock.getAsLong()) + leaseMs;
    }

    /** It still runs there. Whoever takes on the partition gives it time anew, so nothing is written. */
    public void lendAgain(String queue, String name, long leaseMs, long nowMs) {
        Entry entry = queues.lent(queue, name);
        if (entry != null) {
            queues.lendUntil(entry, untilMs(leaseMs, nowMs));
        }
    }

    /**
     * Its handler asks that it may go on, at least until then. Kept, for {@link #extendedUntilMs} to say so.
     *
     * @return false: there is no such job that is lent
     */
    boolean extend(String receipt, long untilMs) {
        for (Entry entry : queues.lent()) {
            Job job = entry.isLent() && entry.mayBe(receipt) ? store.job(entry.number()) : null;
            if (job != null
                    && job.call().invocationId().equals(receipt)
                    && job.terms() instanceof Terms.Agreed agreed
                    && agreed.lentAs() != null) {
                entry.queue().looked(null);
                store.replace(job.on(agreed.extended(agreed.lentAs(), Math.max(untilMs, agreed.extendedUntilMs()))));
                return true;
            }
        }
        return false;
    }

    /** Until when the job that is lent may go on, in epoch milliseconds, as its handler asked elsewhere; 0: it did not. */
    public long extendedUntilMs(String queue, String name) {
        Entry entry = queues.lent(queue, name);
        Job job = entry == null ? null : store.job(entry.number());
        return job != null && job.terms() instanceof Terms.Agreed agreed ? agreed.extendedUntilMs() : 0;
    }

    /**
     * A job that was lent is over.
     *
     * @param tried null: it succeeded
     */
    public void giveBack(String queue, String name, @Nullable Tried tried, long nowMs) {
        Entry entry = queues.lent(queue, name);
        if (entry == null) {
            return; // it was cancelled
        }
        Progress progress = entry.progress();
        if (progress != null && (progress.running() || tried != null)) {
            if (tried == null) {
                queues.progress(entry, progress.cancel()); // it was thought to be lost, and is run here
            }
            return;
        }
        Job job = store.job(entry.number());
        queues.done(entry);
        if (tried != null && job != null) {
            failed(store.nextNumber(), job.call(), null, queue, tried, job.enqueuedMs(), nowMs);
        }
        queues.pump(entry.queue(), nowMs);
    }
}
