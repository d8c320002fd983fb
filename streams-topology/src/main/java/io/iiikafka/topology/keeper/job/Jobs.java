package io.iiikafka.topology.keeper.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.EntryKey;
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
 * partition's thread; the attempts that come of what a method does are to be called: those that it gives back, or all of
 * {@link #begun()}.
 *
 * <p>The answer to an attempt comes back as a record of {@code commands}, from whoever ran it or could not. Whoever runs a
 * call when a gateway or a worker dies answers for it ({@code invocation_stopped}), so an attempt hardly ever waits for
 * the end of its time.
 */
public final class Jobs {

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final int MOST_DUE = 500;
    static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    /** Codes by which the engine, not a worker, says that a call was not run. */
    private static final Set<String> NOT_RUN = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(), ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    private final JobStore store;
    private final DeadLetters deadLetters;
    private final Agreements agreements;
    private final Dedup dedup;
    private final Results results;
    private final LetterRetention retention;
    private final Queues queues;
    private final Handovers handovers;
    private final Map<String, Tally> tallies = new HashMap<>();
    private final Map<String, String> epochs;
    private final DeliverySpans spans;

    /**
     * @param jobs the first of {@link #builders()}
     * @param letters the second
     * @param own functions that need no worker
     * @param clock epoch milliseconds; commands that had to wait are older
     * @param watch is told what becomes of the jobs of queues and subscriptions
     * @param spans is told how their attempts end
     */
    public Jobs(
            LateStore jobs,
            KeyValueStore<String, byte[]> letters,
            Catalog catalog,
            Predicate<FunctionKey> own,
            LongSupplier clock,
            JobWatch watch,
            DeliverySpans spans) {
        this.spans = spans;
        this.store = new JobStore(jobs);
        this.deadLetters = new DeadLetters(letters);
        this.agreements = new Agreements(catalog);
        this.dedup = new Dedup(store);
        this.results = new Results(store);
        this.retention = new LetterRetention(deadLetters, agreements);
        this.epochs = store.epochs();
        this.queues = new Queues(store, agreements, new Served(catalog, own), this::giveUp, dedup, clock, watch);
        this.handovers = new Handovers(store, dedup, queues, agreements, this::bury, watch, clock);
        new Loading(store, queues, clock).run();
    }

    public static List<StoreBuilder<?>> builders() {
        return List.of(JobStore.builder(), DeadLetters.builder());
    }

    /** Whether a record of {@code commands} is the outcome of an attempt. */
    public static boolean isAnswer(Call call) {
        return call.functionId().equals(HeaderNames.COMPLETED) || call.functionId().equals(HeaderNames.FAILED);
    }

    /** When something is due next, in epoch milliseconds. */
    public long nextDueMs() {
        return Math.min(
                Math.min(queues.nextDueMs(), results.nextDueMs()),
                Math.min(retention.nextDueMs(), dedup.nextDueMs()));
    }

    /** @param offset of the command that is run now; -1: none is */
    public void at(long offset) {
        store.at(offset);
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** The partition is another process's or thread's from now on. */
    public void close() {
        for (Active active : queues.active()) {
            if (active.entry().isRunning()) {
                spans.leave(active.runs());
            }
        }
        queues.close();
    }

    /** The attempts that were begun since this was asked last. */
    public List<Attempt> begun() {
        return queues.begun();
    }

    /**
     * Takes on a call.
     *
     * @param call its id names the job, and must be the same when the command is run again
     */
    public List<Attempt> add(Call call, @Nullable String condition, Terms terms, long nowMs) {
        take(call, condition, terms, nowMs);
        return queues.begun();
    }

    /** As {@link #add}; what is begun can be asked for. */
    public void take(Call call, @Nullable String condition, Terms terms, long nowMs) {
        queues.add(new Job(store.nextNumber(), call, condition, terms, nowMs), nowMs);
    }

    /** What gateways tell of jobs that they run themselves. */
    public Handovers handovers() {
        return handovers;
    }

    /**
     * Which job a call has become.
     *
     * @param deduplicated whether it was there already
     */
    public record Receipt(String id, boolean deduplicated) {}

    /** As {@link #take(Call, String, Terms, long)}, unless an earlier job has the key. */
    public Receipt take(Call call, @Nullable String condition, Terms terms, @Nullable DedupWish wish, long nowMs) {
        dedup.sweep(nowMs);
        Dedup.Kept first = wish == null ? null : dedup.find(terms.queue(), wish.key(), nowMs);
        if (first != null && wish != null) {
            if (wish.replaces()) {
                replace(terms.queue(), first, call);
            }
            return new Receipt(first.receipt(), true);
        }
        long number = store.nextNumber();
        if (wish != null) {
            long untilMs = wish.untilDone() ? Long.MAX_VALUE : nowMs + wish.windowMs();
            dedup.keep(terms.queue(), wish.key(), new Dedup.Kept(call.invocationId(), number, untilMs));
        }
        queues.add(new Job(number, call, condition, terms, nowMs), nowMs);
        return new Receipt(call.invocationId(), false);
    }

    /** The job gets the payload of the later call, if it was not tried yet. */
    private void replace(String name, Dedup.Kept first, Call call) {
        Queue queue = queues.find(name);
        Entry entry = queue == null ? null : queue.entry(first.number());
        Job job = entry == null || entry.progress() != null ? null : store.job(first.number());
        if (job != null && queue != null) {
            queue.looked(null);
            store.replace(job.with(call));
        }
    }

    /** The job of the queue with that receipt, if it is not over. */
    public @Nullable JobView find(String queue, String receipt) {
        Entry entry = queues.find(queue, receipt);
        return entry == null ? null : view(entry);
    }

    private @Nullable JobView view(Entry entry) {
        Job job = store.job(entry.number());
        return job == null ? null : JobView.of(entry, job, queues.stateOf(entry));
    }

    /**
     * Shows jobs of the queue in the order in which they came, one by one.
     *
     * @param state those in that state; null: all
     * @param group those in that group; null: all
     * @param skip so many are not read
     * @param wantsMore is shown each, and says whether to go on
     * @return how many remain to be skipped, since there are no more
     */
    public int list(
            String queue, @Nullable String state, @Nullable String group, int skip, Predicate<JobView> wantsMore) {
        Queue found = queues.find(queue);
        int left = skip;
        for (Entry entry : found == null ? List.<Entry>of() : found.all()) {
            if (group != null && !group.equals(entry.lane()) || state != null && !state.equals(queues.stateOf(entry))) {
                continue;
            }
            if (left > 0) {
                left--;
                continue;
            }
            JobView view = view(entry);
            if (view != null && !wantsMore.test(view)) {
                break;
            }
        }
        return left;
    }

    /** Takes jobs away that came by that time and do not run; some of them, and gives how many. */
    public int purge(String queue, @Nullable String state, long untilMs, int most, long nowMs) {
        Queue found = queues.find(queue);
        if (found == null) {
            return 0;
        }
        List<Entry> gone = found.all().stream()
                .filter(each -> !each.isRunning() && !each.isLent() && each.createdMs() <= untilMs)
                .filter(each -> state == null || state.equals(queues.stateOf(each)))
                .limit(most)
                .toList();
        gone.forEach(queues::done);
        queues.pump(found, nowMs);
        return gone.size();
    }

    /** Takes the job away; if it runs, it is not tried again. False: there is none. */
    public boolean cancel(String queue, String receipt, long nowMs) {
        Entry entry = queues.find(queue, receipt);
        if (entry == null) {
            return false;
        }
        Progress progress = entry.progress();
        if (progress != null && progress.running()) {
            queues.progress(entry, progress.cancel());
        } else {
            queues.done(entry);
            queues.pump(entry.queue(), nowMs);
        }
        return true;
    }

    /** Gives the attempt of the job that runs more time; false: none does. */
    public boolean extend(String receipt, long ms, long nowMs) {
        for (Active active : queues.active()) {
            Progress progress = active.entry().progress();
            if (active.id().equals(receipt) && progress != null && progress.running()) {
                queues.progress(active.entry(), progress.extended(Math.max(progress.dueMs(), nowMs + ms)));
                return true;
            }
        }
        return false;
    }

    /** Holds jobs back, or lets them go again; those that run are not touched. */
    public void pause(String queue, boolean paused, long nowMs) {
        queues.pause(queue, paused, nowMs);
    }

    /**
     * Makes a dead letter a job again; false when its subscription has ended: then it stays.
     *
     * @param function to call instead; null: the same
     * @param notBeforeMs it is not tried earlier; 0: at once
     */
    public boolean redrive(DeadLetters.Letter letter, @Nullable String function, long notBeforeMs, long nowMs) {
        if (agreements.hasEnded(letter.agreement())) {
            return false;
        }
        deadLetters.remove(letter);
        queues.add(letter.job(store.nextNumber(), function, notBeforeMs, nowMs), nowMs);
        return true;
    }

    /**
     * How a queue is.
     *
     * @param depth jobs that run, or wait for nothing but others
     * @param delayed jobs that wait for a time
     * @param delivered attempts that succeeded since the partition was opened here
     * @param failed attempts that did not
     */
    public record Counts(int depth, int delayed, long delivered, long failed) {}

    public Counts counts(String key) {
        Queue queue = queues.find(key);
        Tally tally = tallies.getOrDefault(key, Tally.NONE);
        return queue == null
                ? new Counts(0, 0, tally.delivered(), tally.failed())
                : new Counts(queue.size() - queue.delayed(), queue.delayed(), tally.delivered(), tally.failed());
    }

    private record Tally(long delivered, long failed) {

        static final Tally NONE = new Tally(0, 0);

        Tally plus(boolean success) {
            return new Tally(delivered + (success ? 1 : 0), failed + (success ? 0 : 1));
        }
    }

    private void tally(Entry entry, boolean success, long nowMs) {
        Queue queue = entry.queue();
        queue.watch().ended(success, entry.beganMs() == 0 ? 0 : nowMs - entry.beganMs());
        if (Agreements.holds(queue.name()) && (tallies.containsKey(queue.name()) || !agreements.hasEnded(queue.name()))) {
            tallies.compute(queue.name(), (name, before) -> (before == null ? Tally.NONE : before).plus(success));
        }
    }

    /** Forgets all jobs of the queue that do not run; some at once, the rest before any other of it begins. */
    public void drop(String queue, long nowMs) {
        tallies.remove(queue);
        if (epochs.remove(queue) != null) {
            store.epoch(queue, null);
        }
        queues.drop(queue, nowMs);
    }

    /** The subscriptions that have jobs here, by their keys. */
    public Set<String> subscriptions() {
        Set<String> keys = new HashSet<>(epochs.keySet());
        queues.all().stream().map(Queue::name).filter(EntryKey::isSubscription).forEach(keys::add);
        return keys;
    }

    /** The epoch of the subscription whose jobs are here; null when that is not known. */
    public @Nullable String epoch(String subscription) {
        return epochs.get(subscription);
    }

    /** Keeps whose jobs come from now on. */
    public void epoch(String subscription, @Nullable String epoch) {
        if (epoch != null && !epoch.equals(epochs.put(subscription, epoch))) {
            store.epoch(subscription, epoch);
        }
    }

    /** Looks whether there are jobs of the queue that may run now. */
    public void goOn(String queue, long nowMs) {
        Queue found = queues.find(queue);
        if (found != null) {
            queues.pump(found, nowMs);
        }
    }

    /**
     * Takes the outcome of an attempt. One that is not awaited any more is ignored.
     *
     * @param answer its id is that of the attempt's call; a worker answered, or the engine in its place
     */
    public List<Attempt> answered(long number, Call answer, long nowMs) {
        Active active = queues.active(number);
        if (active == null || !active.awaits(answer.invocationId())) {
            return List.of();
        }
        Queue queue = active.entry().queue();
        queues.ended(active.entry());
        if (answer.functionId().equals(HeaderNames.COMPLETED)) {
            spans.end(answer.invocationId(), null);
            tally(active.entry(), true, nowMs);
            keepResult(active.entry(), answer.data(), nowMs);
            queues.done(active.entry());
            active.with().forEach(queues::done);
        } else {
            RawJson error = answer.data() == null ? RawJson.NULL : answer.data();
            failed(active, error, answer.callerWorkerId() != null, nowMs);
        }
        queues.pump(queue, nowMs);
        return queues.begun();
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

    /** What became of a job of the queue that succeeded; null when that is not kept. */
    public @Nullable RawJson result(String queue, String receipt, long nowMs) {
        return results.find(queue, receipt, nowMs);
    }

    static String code(RawJson error) {
        return error.isObject() ? error.toTree().path("code").asText() : "";
    }

    /** Does what is due. */
    public List<Attempt> tick(long nowMs) {
        for (Entry entry : queues.due(nowMs, MOST_DUE)) {
            if (!entry.isOver()) {
                due(entry, nowMs);
            }
        }
        queues.look(nowMs);
        results.sweep(nowMs);
        retention.sweep(nowMs);
        return queues.begun();
    }

    private void due(Entry entry, long nowMs) {
        Progress progress = entry.progress();
        if (progress != null && progress.running()) {
            Active active = queues.active(entry.number());
            if (active != null && progress.dueMs() <= nowMs) {
                queues.ended(entry);
                failed(active, late(entry), true, nowMs);
                queues.pump(entry.queue(), nowMs);
            }
        } else if (progress == null && !entry.isTaken() && entry.expiresMs() > 0 && entry.expiresMs() <= nowMs) {
            giveUp(entry, RawJson.ofValue(ErrorCode.EXPIRED.body("It was not started in its time")), nowMs);
            queues.pump(entry.queue(), nowMs);
        } else if (entry.waitsUntil() > 0 && entry.waitsUntil() <= nowMs) {
            queues.awake(entry, nowMs);
        }
    }

    private static RawJson late(Entry entry) {
        String function = entry.target().function().id();
        ErrorCode code = Agreements.holds(entry.queue().name()) ? ErrorCode.TIMEOUT : ErrorCode.INVOCATION_TIMEOUT;
        ErrorBody late = code.body("No answer from " + function + " in the time that it had");
        return RawJson.ofValue(late);
    }

    /** @param byWorker whether the worker said so, not the engine in its place */
    private void failed(Active active, RawJson error, boolean byWorker, long nowMs) {
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
        int notRun = Math.min(progress.tries() - progress.attempts(), 10);
        long pause = ran
                ? rules.delayMs(progress.attempts() + rules.made(), job.call().invocationId() + progress.attempts())
                : Math.min(FIRST_PAUSE_MS << notRun, LONGEST_PAUSE_MS);
        long retryMs = Math.max(nowMs + pause, 1);
        entry.queue().watch().retried();
        String why = code + ": " + (error.isObject() ? error.toTree().path("message").asText() : "");
        queues.retry(entry, ran ? progress.failed(retryMs, why) : progress.notRun(retryMs, lost, why));
    }

    /** Whether it is a message of a subscription that has ended. */
    private boolean isGone(Entry entry) {
        return entry.queue().isDoomed(entry);
    }

    /** The job, and those that were told with it. */
    private void giveUp(Entry entry, RawJson error, long nowMs) {
        Active active = queues.active(entry.number());
        int attempts = entry.progress() == null ? 0 : entry.progress().attempts();
        bury(entry, attempts, error, nowMs);
        if (active != null) {
            active.with().forEach(each -> bury(each, attempts, error, nowMs));
        }
    }

    private void bury(Entry entry, int attempts, RawJson error, long nowMs) {
        Job job = store.job(entry.number());
        queues.done(entry);
        if (job == null) {
            return;
        }
        switch (job.terms()) {
            case Terms.Agreed agreed -> {
                if (!isGone(entry)) {
                    entry.queue().watch().deadLettered();
                    bury(job, attempts + agreements.rules(agreed).made(), error, nowMs);
                }
            }
            case Terms.Own own -> tell(job, own, attempts, error, nowMs);
        }
    }

    private void bury(Job job, int attempts, RawJson error, long nowMs) {
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
