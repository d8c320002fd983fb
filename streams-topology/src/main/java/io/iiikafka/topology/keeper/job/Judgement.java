package io.iiikafka.topology.keeper.job;

import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of jobs when their attempts are over: they are done, tried again, or given up (spec: queue.md 6.2 to 6.4, 6.7
 * and 7). Used on the partition's thread.
 */
final class Judgement {

    private static final Logger LOG = LoggerFactory.getLogger(Judgement.class);
    static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;
    /** Others may wait for so long, too. */
    private static final long LONGEST_HOLD_MS = 1_000;

    /** Codes by which the engine, not a worker, says that a call was not run. */
    private static final Set<String> NOT_RUN = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(), ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    private final JobStore store;
    private final Queues queues;
    private final Agreements agreements;
    private final DeadLetters deadLetters;
    private final LetterRetention retention;
    private final Results results;
    private final Tallies tallies;
    private final DeliverySpans spans;

    /** @param spans is told how attempts end */
    Judgement(
            JobStore store,
            Queues queues,
            Agreements agreements,
            DeadLetters deadLetters,
            LetterRetention retention,
            Results results,
            Tallies tallies,
            DeliverySpans spans) {
        this.store = store;
        this.queues = queues;
        this.agreements = agreements;
        this.deadLetters = deadLetters;
        this.retention = retention;
        this.results = results;
        this.tallies = tallies;
        this.spans = spans;
    }

    static String code(RawJson error) {
        return error.isObject() ? error.toTree().path("code").asText() : "";
    }

    /** The job is done, and those that were told with it. */
    void succeeded(Active active, Call answer, long nowMs) {
        spans.end(answer.invocationId(), null);
        tally(active.entry(), true, nowMs);
        keepResult(active.entry(), answer.data(), nowMs);
        queues.done(active.entry());
        active.with().forEach(queues::done);
    }

    private void keepResult(Entry entry, @Nullable RawJson result, long nowMs) {
        long keptMs = agreements.resultRetentionMs(entry.queue().name());
        if (keptMs == 0) {
            return;
        }
        Job job = store.job(entry.number());
        if (job != null) {
            int attempts = entry.progress() == null ? 1 : entry.progress().attempts();
            results.sweep(nowMs);
            results.keep(job, attempts, result, nowMs, nowMs + keptMs);
        }
    }

    private void tally(Entry entry, boolean success, long nowMs) {
        entry.queue().watch().ended(success, entry.beganMs() == 0 ? 0 : nowMs - entry.beganMs());
        tallies.add(entry.queue().name(), success);
    }

    /** No answer to the attempt has come in its time. */
    void late(Active active, long nowMs) {
        Entry entry = active.entry();
        String function = entry.target().function().id();
        ErrorCode code = Agreements.holds(entry.queue().name()) ? ErrorCode.TIMEOUT : ErrorCode.INVOCATION_TIMEOUT;
        ErrorBody late = code.body("No answer from " + function + " in the time that it had");
        failed(active, RawJson.ofValue(late), true, nowMs);
    }

    /** The job was not begun in the time that it had. */
    void expired(Entry entry, long nowMs) {
        giveUp(entry, RawJson.ofValue(ErrorCode.EXPIRED.body("It was not started in its time")), nowMs);
    }

    /** @param byWorker whether the worker said so, not the engine in its place */
    void failed(Active active, RawJson error, boolean byWorker, long nowMs) {
        Entry entry = active.entry();
        Progress progress = entry.progress();
        Job job = store.job(entry.number());
        if (job == null || progress == null) {
            return;
        }
        spans.end(active.runs(), error);
        tally(entry, false, nowMs);
        if (entry.upMs() == 0) {
            entry.up(nowMs); // another process began it: nobody knows since when it might have run
        }
        Rules rules = agreements.rules(job.terms());
        String code = code(error);
        boolean lost = !byWorker
                && code.equals(ErrorCode.INVOCATION_STOPPED.code())
                && progress.losses() < rules.maxWorkerLosses();
        boolean ran = byWorker || !lost && !NOT_RUN.contains(code);
        boolean over = ran
                ? progress.attempts() + rules.made() >= rules.maxAttempts() || rules.finalCodes().contains(code)
                : !lost && nowMs - Queues.upSinceMs(entry) >= rules.holdMs();
        entry.refused(!ran && !lost);
        if (progress.cancelled()) {
            queues.done(entry);
            return;
        }
        if (over || isGone(entry)) {
            giveUp(entry, error, nowMs);
            return;
        }
        entry.queue().watch().retried();
        String why = code + ": " + (error.isObject() ? error.toTree().path("message").asText() : "");
        if (lost && progress.losses() == 0) {
            queues.retry(entry, progress.notRun(nowMs, true, why));
            queues.awake(entry, nowMs); // ahead of those that wait (spec: queue.md 6.7)
            return;
        }
        int notRun = Math.min(progress.tries() - progress.attempts(), 10);
        long pause = ran
                ? rules.delayMs(progress.attempts() + rules.made(), job.call().invocationId() + progress.attempts())
                : Math.min(FIRST_PAUSE_MS << notRun, LONGEST_PAUSE_MS);
        if (!ran && !lost && progress.losses() > 0) {
            // The catalog may not tell yet that nobody else is there. Later jobs are not to pass what a worker left.
            queues.hold(entry, progress.notRun(nowMs, false, why), nowMs + Math.min(pause, LONGEST_HOLD_MS));
            return;
        }
        long retryMs = Math.max(nowMs + pause, 1);
        queues.retry(entry, ran ? progress.failed(retryMs, why) : progress.notRun(retryMs, lost, why));
    }

    /** Whether it is a message of a subscription that has ended. */
    private boolean isGone(Entry entry) {
        return entry.queue().isDoomed(entry);
    }

    /** The job is not tried any more, nor are those that were told with it. */
    void giveUp(Entry entry, RawJson error, long nowMs) {
        Active active = queues.active(entry.number());
        int attempts = entry.progress() == null ? 0 : entry.progress().attempts();
        bury(entry, attempts, error, nowMs);
        if (active != null) {
            active.with().forEach(each -> bury(each, attempts, error, nowMs));
        }
    }

    private void bury(Entry entry, int attempts, RawJson error, long nowMs) {
        Job job = store.job(entry.number());
        boolean gone = isGone(entry);
        queues.done(entry);
        if (job == null) {
            return;
        }
        switch (job.terms()) {
            case Terms.Agreed agreed -> {
                if (!gone) {
                    entry.queue().watch().deadLettered();
                    bury(job, attempts + agreements.rules(agreed).made(), error, nowMs);
                }
            }
            case Terms.Own own -> tell(job, own, attempts, error, nowMs);
        }
    }

    /** Makes a job a dead letter that is not kept any more, or never was. */
    void bury(Job job, int attempts, RawJson error, long nowMs) {
        deadLetters.bury(job, attempts, error, nowMs);
        retention.buried(job.terms().queue(), nowMs);
    }

    private void tell(Job job, Terms.Own own, int attempts, RawJson error, long nowMs) {
        String function = own.deadLetterFunction();
        if (function != null) {
            queues.add(job.deadLetter(own, function, error, attempts, store.nextNumber(), nowMs), nowMs);
        } else if (own.keptMs() > 0) {
            LOG.atWarn()
                    .addKeyValue("function", job.call().functionId())
                    .addKeyValue("attempts", attempts)
                    .addKeyValue("code", code(error))
                    .log("An event was given up; its trigger has no dead letter function");
        }
    }
}
