package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;

/**
 * Which jobs may run: of each queue no more at once than it allows, the first that is ready first, as soon as somebody
 * serves its function. Used on the partition's thread.
 */
final class Queues {

    /** So many are given up before other commands have their turn. */
    private static final int MOST_GIVEN_UP = 500;

    /** Is told of a job that nobody served in its time. */
    interface Unserved {

        void giveUp(Job job, RawJson error, long nowMs);
    }

    private final JobStore store;
    private final Catalog catalog;
    private final Predicate<FunctionKey> own;
    private final Unserved unserved;
    private final Map<String, Queue> queues = new HashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private long nextLookMs;

    /** @param own functions that need no worker */
    Queues(JobStore store, Catalog catalog, Predicate<FunctionKey> own, Unserved unserved) {
        this.store = store;
        this.catalog = catalog;
        this.own = own;
        this.unserved = unserved;
        store.forEachProgress((number, progress) -> {
            if (progress.running()) {
                queue(progress.queueId()).began();
            }
        });
        store.readyQueues().forEach(each -> queue(each).mayBeReady());
        nextLookMs = queues.isEmpty() ? Long.MAX_VALUE : 0;
    }

    private Queue queue(String queueId) {
        return queues.computeIfAbsent(queueId, absent -> new Queue());
    }

    /** When {@link #look} is due, in epoch milliseconds. */
    long nextLookMs() {
        return nextLookMs;
    }

    /** Looks after all queues, if that is due. */
    void look(long nowMs) {
        if (nowMs >= nextLookMs) {
            nextLookMs = Long.MAX_VALUE;
            List.copyOf(queues.keySet()).forEach(queue -> pump(queue, nowMs));
        }
    }

    /** A job has come, which need not be ready. */
    void joined(String queueId) {
        queue(queueId).joined();
    }

    void ready(long number, String queueId) {
        store.ready(queueId, number);
        queue(queueId).ready(number);
    }

    /** An attempt is over. */
    void ended(String queueId) {
        queue(queueId).ended();
    }

    /** Starts what may run of the queue. */
    void pump(String queueId, long nowMs) {
        Queue queue = queue(queueId);
        int givenUp = 0;
        while (queue.mayHaveReady()) {
            long number = store.firstReady(queueId, queue.readyFrom());
            Job job = number == 0 ? null : store.job(number);
            if (number == 0) {
                queue.nothingReady();
            } else if (job == null) {
                store.notReady(queueId, number);
            } else if (queue.running() >= job.terms().maxInFlight()) {
                break;
            } else if (waitsForMore(job, queue, nowMs)) {
                break;
            } else if (isServed(job)) {
                queue.served(number);
                store.notReady(queueId, number);
                start(job, queue, nowMs);
            } else if (givenUp >= MOST_GIVEN_UP) {
                lookAt(nowMs); // the rest after other commands
                break;
            } else if (nowMs - job.createdMs() >= job.terms().keptMs()) {
                givenUp++;
                store.notReady(queueId, number);
                unserved.giveUp(job, notServed(job), nowMs);
            } else {
                lookAt(nowMs + queue.unserved(nowMs)); // there is no word of a function that is served again
                break;
            }
        }
        if (queue.isIdle()) {
            queues.remove(queueId);
        }
    }

    private void lookAt(long ms) {
        nextLookMs = Math.min(nextLookMs, ms);
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

    private void start(Job job, Queue queue, long nowMs) {
        Progress before = store.progress(job.number());
        List<Job> with = before == null ? company(job, queue) : store.jobs(before.with());
        long dueMs = nowMs + job.terms().retry().timeoutMs();
        Progress begun = before == null
                ? Progress.begun(job.queueId(), with.stream().map(Job::number).toList())
                : before;
        begun = begun.started(dueMs);
        store.progress(job.number(), before, begun);
        queue.began();
        attempts.add(new Attempt(
                job.attempt(begun.attempts(), begun.tries(), with, dueMs), job.condition(), job.number()));
    }

    /** Whether others may come that are to be told in the same call. */
    private boolean waitsForMore(Job job, Queue queue, long nowMs) {
        Batch batch = job.terms().batch();
        long untilMs = batch == null ? 0 : job.createdMs() + batch.maxWaitMs();
        if (batch == null
                || nowMs >= untilMs
                || queue.waiting() >= batch.maxEvents()
                || store.progress(job.number()) != null) {
            return false;
        }
        lookAt(untilMs);
        return true;
    }

    /** Takes further jobs for the call of the first. */
    private List<Job> company(Job first, Queue queue) {
        queue.left(1);
        Batch batch = first.terms().batch();
        if (batch == null) {
            return List.of();
        }
        List<Job> company = new Company(store, first, batch).gather();
        company.forEach(each -> store.notReady(each.queueId(), each.number()));
        queue.left(company.size());
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
