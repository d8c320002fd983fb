package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final long FIRST_LOOK_MS = 100;
    private static final long LATEST_LOOK_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 5_000;

    /** Codes by which the engine, not a worker, says that a call was not run. */
    private static final Set<String> NOT_RUN = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(), ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    /** What is known of a queue, beside what is stored. */
    private static final class Queue {
        private int running;
        private boolean mayHaveReady;
        /** At least so many wait to be told. */
        private int waiting;
        private long readyFrom;
        /** Since when nobody serves the function; 0: somebody may. */
        private long unservedSinceMs;

        boolean isIdle() {
            return running == 0 && !mayHaveReady;
        }
    }

    private final JobStore store;
    private final Catalog catalog;
    private final Predicate<FunctionKey> own;
    private final Map<String, Queue> queues = new HashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private long nextDueMs;
    private long nextLookMs = Long.MAX_VALUE;

    /**
     * @param opened that of {@link #builder()}
     * @param own functions that need no worker
     */
    public Jobs(KeyValueStore<String, byte[]> opened, Catalog catalog, Predicate<FunctionKey> own) {
        this.store = new JobStore(opened);
        this.own = own;
        this.catalog = catalog;
        store.forEachProgress((number, progress) -> {
            if (progress.running()) {
                queue(progress.queueId()).running++;
            }
        });
        store.readyQueues().forEach(each -> queue(each).mayHaveReady = true);
        nextDueMs = store.firstDueMs();
        nextLookMs = queues.isEmpty() ? Long.MAX_VALUE : 0;
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
        return Math.min(nextDueMs, nextLookMs);
    }

    /**
     * Takes on a call.
     *
     * @param call its id names the job, and must be the same when the command is run again
     */
    public List<Attempt> add(Call call, @Nullable String condition, Terms terms, long nowMs) {
        add(new Job(store.nextNumber(), call, condition, terms, nowMs), nowMs);
        return taken();
    }

    private void add(Job job, long nowMs) {
        store.put(job);
        queue(job.queueId()).waiting++;
        String lane = job.laneId();
        if (lane == null || store.join(lane, job.number())) {
            ready(job.number(), job.queueId());
            pump(job.queueId(), nowMs);
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
        stopped(progress);
        if (answer.functionId().equals(HeaderNames.COMPLETED)) {
            done(job, progress);
            jobs(progress.with()).forEach(each -> done(each, null));
        } else {
            RawJson error = answer.data() == null ? RawJson.NULL : answer.data();
            boolean ran = answer.callerWorkerId() != null || !NOT_RUN.contains(code(error));
            failed(job, progress, error, ran, nowMs);
        }
        pump(job.queueId(), nowMs);
        return taken();
    }

    private static String code(RawJson error) {
        return error.isObject() ? error.toTree().path("code").asText() : "";
    }

    /** Does what is due. */
    public List<Attempt> tick(long nowMs) {
        for (long number : store.due(nowMs, MOST_DUE)) {
            due(number, nowMs);
        }
        nextDueMs = store.firstDueMs();
        if (nowMs >= nextLookMs) {
            nextLookMs = Long.MAX_VALUE;
            List.copyOf(queues.keySet()).forEach(queue -> pump(queue, nowMs));
        }
        return taken();
    }

    private void due(long number, long nowMs) {
        Job job = store.job(number);
        Progress progress = store.progress(number);
        if (job == null || progress == null) {
            return;
        }
        if (progress.running()) {
            stopped(progress);
            ErrorBody late = ErrorCode.INVOCATION_TIMEOUT.body(
                    "No answer from " + job.call().functionId() + " within " + job.terms().retry().timeoutMs() + " ms");
            failed(job, progress, RawJson.ofValue(late), true, nowMs);
        } else {
            store.progress(number, progress, progress.failed(0));
            ready(number, progress.queueId());
        }
        pump(progress.queueId(), nowMs);
    }

    private Queue queue(String queueId) {
        return queues.computeIfAbsent(queueId, absent -> new Queue());
    }

    private void ready(long number, String queueId) {
        store.ready(queueId, number);
        Queue queue = queue(queueId);
        queue.readyFrom = queue.mayHaveReady ? Math.min(queue.readyFrom, number) : number;
        queue.mayHaveReady = true;
    }

    private void stopped(Progress progress) {
        queue(progress.queueId()).running--;
    }

    /** Starts what may run of the queue. */
    private void pump(String queueId, long nowMs) {
        Queue queue = queue(queueId);
        int givenUp = 0;
        while (queue.mayHaveReady) {
            long number = store.firstReady(queueId, queue.readyFrom);
            Job job = number == 0 ? null : store.job(number);
            if (number == 0) {
                queue.mayHaveReady = false;
            } else if (job == null) {
                store.notReady(queueId, number);
            } else if (queue.running >= job.terms().maxInFlight()) {
                break;
            } else if (waitsForMore(job, queue, nowMs)) {
                break;
            } else if (isServed(job)) {
                queue.unservedSinceMs = 0;
                queue.readyFrom = number;
                store.notReady(queueId, number);
                start(job, queue, nowMs);
            } else if (givenUp >= MOST_DUE) {
                nextLookMs = Math.min(nextLookMs, nowMs); // the rest after other commands
                break;
            } else if (nowMs - job.createdMs() >= job.terms().keptMs()) {
                givenUp++;
                store.notReady(queueId, number);
                giveUpAll(job, store.progress(number), notServed(job), nowMs);
            } else {
                lookAgain(queue, nowMs);
                break;
            }
        }
        if (queue.isIdle()) {
            queues.remove(queueId);
        }
    }

    private boolean isServed(Job job) {
        String namespace = job.call().namespace();
        return isServed(new FunctionKey(namespace, job.call().functionId()))
                && (job.condition() == null || isServed(new FunctionKey(namespace, job.condition())));
    }

    private boolean isServed(FunctionKey function) {
        return catalog.serves(function) || own.test(function);
    }

    private static RawJson notServed(Job job) {
        return RawJson.ofValue(ErrorCode.FUNCTION_NOT_FOUND.body(
                "Nobody served " + job.call().functionId() + " for " + job.terms().keptMs() + " ms"));
    }

    /** There is no word of a function that is served again, so one has to look; less often the longer it takes. */
    private void lookAgain(Queue queue, long nowMs) {
        if (queue.unservedSinceMs == 0) {
            queue.unservedSinceMs = nowMs;
        }
        long pause = Math.clamp((nowMs - queue.unservedSinceMs) / 10, FIRST_LOOK_MS, LATEST_LOOK_MS);
        nextLookMs = Math.min(nextLookMs, nowMs + pause);
    }

    private void start(Job job, Queue queue, long nowMs) {
        Progress before = store.progress(job.number());
        List<Job> with = before == null ? company(job, queue) : jobs(before.with());
        long dueMs = nowMs + job.terms().retry().timeoutMs();
        Progress begun = before == null
                ? Progress.begun(job.queueId(), with.stream().map(Job::number).toList())
                : before;
        begun = begun.started(dueMs);
        store.progress(job.number(), before, begun);
        nextDueMs = Math.min(nextDueMs, dueMs);
        queue.running++;
        attempts.add(new Attempt(
                job.attempt(begun.attempts(), begun.tries(), with, dueMs), job.condition(), job.number()));
    }

    private List<Job> jobs(List<Long> numbers) {
        List<Job> jobs = new ArrayList<>(numbers.size());
        for (long number : numbers) {
            Job job = store.job(number);
            if (job != null) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    /** Whether others may come that are to be told in the same call. */
    private boolean waitsForMore(Job job, Queue queue, long nowMs) {
        Batch batch = job.terms().batch();
        long untilMs = batch == null ? 0 : job.createdMs() + batch.maxWaitMs();
        if (batch == null
                || nowMs >= untilMs
                || queue.waiting >= batch.maxEvents()
                || store.progress(job.number()) != null) {
            return false;
        }
        nextLookMs = Math.min(nextLookMs, untilMs);
        return true;
    }

    /** Takes further jobs for the call of the first. */
    private List<Job> company(Job first, Queue queue) {
        queue.waiting = Math.max(0, queue.waiting - 1);
        Batch batch = first.terms().batch();
        if (batch == null) {
            return List.of();
        }
        List<Job> company = new Company(store, first, batch).gather();
        company.forEach(each -> store.notReady(each.queueId(), each.number()));
        queue.waiting = Math.max(0, queue.waiting - company.size());
        return company;
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
                : Math.min(FIRST_LOOK_MS << notRun, LONGEST_PAUSE_MS);
        long retryMs = Math.max(nowMs + pause, 1);
        store.progress(job.number(), progress, ran ? progress.failed(retryMs) : progress.notRun(retryMs));
        nextDueMs = Math.min(nextDueMs, retryMs);
    }

    private void giveUpAll(Job job, @Nullable Progress progress, RawJson error, long nowMs) {
        int made = progress == null ? 0 : progress.attempts();
        giveUp(job, progress, error, made, nowMs);
        if (progress != null) {
            jobs(progress.with()).forEach(each -> giveUp(each, null, error, made, nowMs));
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
            ready(next, job.queueId());
        }
    }

    private List<Attempt> taken() {
        if (attempts.isEmpty()) {
            return List.of();
        }
        List<Attempt> taken = List.copyOf(attempts);
        attempts.clear();
        return taken;
    }
}
