package io.iiikafka.topology.keeper.job;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.HeaderNames;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of one partition at work: each is tried until it is answered without an error, or given up. Used on the
 * partition's thread; what a method gives back is to be called.
 *
 * <p>The answer to an attempt comes back as a record of {@code commands}, from whoever ran it or could not. Whoever runs a
 * call when a gateway or a worker dies answers for it ({@code invocation_stopped}), so an attempt hardly ever waits for
 * the end of its time.
 */
public final class Jobs {

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final int MOST_DUE = 500;
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    /** Codes by which the engine, not a worker, says that a call was not run. */
    private static final Set<String> NOT_RUN = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(), ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    private final JobStore store;
    private final Queues queues;

    /**
     * @param opened that of {@link #builder()}
     * @param own functions that need no worker
     */
    public Jobs(KeyValueStore<String, byte[]> opened, Catalog catalog, Predicate<FunctionKey> own) {
        this.store = new JobStore(opened);
        this.queues = new Queues(
                store, catalog, own, (job, error, nowMs) -> giveUpAll(job, store.progress(job.number()), error, nowMs));
        store.firstDueMs();
    }

    public static StoreBuilder<KeyValueStore<String, byte[]>> builder() {
        return JobStore.builder();
    }

    /** Whether a record of {@code commands} is the outcome of an attempt. */
    public static boolean isAnswer(Call call) {
        return call.functionId().equals(HeaderNames.COMPLETED) || call.functionId().equals(HeaderNames.FAILED);
    }

    /** When something is due next, in epoch milliseconds. */
    public long nextDueMs() {
        return Math.min(store.earliestDueMs(), queues.nextLookMs());
    }

    /**
     * Takes on a call.
     *
     * @param call its id names the job, and must be the same when the command is run again
     */
    public List<Attempt> add(Call call, @Nullable String condition, Terms terms, long nowMs) {
        add(new Job(store.nextNumber(), call, condition, terms, nowMs), nowMs);
        return queues.begun();
    }

    private void add(Job job, long nowMs) {
        store.put(job);
        queues.joined(job.queueId());
        String lane = job.laneId();
        if (lane == null || store.join(lane, job.number())) {
            queues.ready(job.number(), job.queueId());
            queues.pump(job.queueId(), nowMs);
        }
    }

    /**
     * Takes the outcome of an attempt. One that is not awaited any more is ignored.
     *
     * @param answer its id is that of the attempt's call; a worker answered, or the engine in its place
     */
    public List<Attempt> answered(long number, Call answer, long nowMs) {
        Job job = store.job(number);
        Progress progress = job == null ? null : store.progress(number);
        if (job == null
                || progress == null
                || !progress.running()
                || !job.invocationId(progress.tries(), progress.with()).equals(answer.invocationId())) {
            return List.of();
        }
        queues.ended(progress.queueId());
        if (answer.functionId().equals(HeaderNames.COMPLETED)) {
            done(job, progress);
            store.jobs(progress.with()).forEach(each -> done(each, null));
        } else {
            RawJson error = answer.data() == null ? RawJson.NULL : answer.data();
            boolean ran = answer.callerWorkerId() != null || !NOT_RUN.contains(code(error));
            failed(job, progress, error, ran, nowMs);
        }
        queues.pump(job.queueId(), nowMs);
        return queues.begun();
    }

    private static String code(RawJson error) {
        return error.isObject() ? error.toTree().path("code").asText() : "";
    }

    /** Does what is due. */
    public List<Attempt> tick(long nowMs) {
        for (long number : store.due(nowMs, MOST_DUE)) {
            due(number, nowMs);
        }
        store.firstDueMs();
        queues.look(nowMs);
        return queues.begun();
    }

    private void due(long number, long nowMs) {
        Job job = store.job(number);
        Progress progress = store.progress(number);
        if (job == null || progress == null) {
            return;
        }
        if (progress.running()) {
            queues.ended(progress.queueId());
            ErrorBody late = ErrorCode.INVOCATION_TIMEOUT.body(
                    "No answer from " + job.call().functionId() + " within " + job.terms().retry().timeoutMs() + " ms");
            failed(job, progress, RawJson.ofValue(late), true, nowMs);
        } else {
            store.progress(number, progress, progress.failed(0));
            queues.ready(number, progress.queueId());
        }
        queues.pump(progress.queueId(), nowMs);
    }

    private void failed(Job job, Progress progress, RawJson error, boolean ran, long nowMs) {
        boolean over = ran
                ? progress.attempts() >= job.terms().retry().maxAttempts()
                : nowMs - job.createdMs() >= job.terms().keptMs();
        if (over) {
            giveUpAll(job, progress, error, nowMs);
            return;
        }
        int notRun = Math.min(progress.tries() - progress.attempts(), 10);
        long pause = ran
                ? job.terms().retry().delayMs(progress.attempts())
                : Math.min(FIRST_PAUSE_MS << notRun, LONGEST_PAUSE_MS);
        long retryMs = Math.max(nowMs + pause, 1);
        store.progress(job.number(), progress, ran ? progress.failed(retryMs) : progress.notRun(retryMs));
    }

    private void giveUpAll(Job job, @Nullable Progress progress, RawJson error, long nowMs) {
        int made = progress == null ? 0 : progress.attempts();
        giveUp(job, progress, error, made, nowMs);
        if (progress != null) {
            store.jobs(progress.with()).forEach(each -> giveUp(each, null, error, made, nowMs));
        }
    }

    private void giveUp(Job job, @Nullable Progress progress, RawJson error, int made, long nowMs) {
        String function = job.terms().deadLetterFunction();
        if (function == null && job.terms().keptMs() > 0) {
            LOG.atWarn()
                    .addKeyValue("function", job.call().functionId())
                    .addKeyValue("attempts", made)
                    .addKeyValue("code", code(error))
                    .log("An event was given up; its trigger has no dead letter function");
        }
        done(job, progress);
        if (function != null) {
            add(job.deadLetter(function, error, made, store.nextNumber(), nowMs), nowMs);
        }
    }

    private void done(Job job, @Nullable Progress progress) {
        store.progress(job.number(), progress, null);
        store.remove(job.number());
        store.notReady(job.queueId(), job.number());
        String lane = job.laneId();
        long next = lane == null ? 0 : store.leave(lane, job.number());
        if (next > 0) {
            queues.ready(next, job.queueId());
        }
    }
}
