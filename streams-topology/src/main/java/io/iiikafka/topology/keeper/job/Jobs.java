package io.iiikafka.topology.keeper.job;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.HeaderNames;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

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

    private static final int MOST_DUE = 500;

    private final JobStore store;
    private final DeadLetters deadLetters;
    private final Dedup dedup;
    private final Results results;
    private final LetterRetention retention;
    private final Queues queues;
    private final Handovers handovers;
    private final Tallies tallies;
    private final Judgement judgement;
    private final Operations operations;
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
        Agreements agreements = new Agreements(catalog);
        this.dedup = new Dedup(store);
        this.results = new Results(store);
        this.retention = new LetterRetention(deadLetters, agreements);
        this.epochs = store.epochs();
        this.queues = new Queues(store, agreements, new Served(catalog, own), this::giveUp, dedup, clock, watch);
        this.tallies = new Tallies(agreements);
        this.judgement =
                new Judgement(store, queues, agreements, deadLetters, retention, results, tallies, spans);
        this.handovers = new Handovers(store, dedup, queues, agreements, judgement, watch, clock);
        this.operations = new Operations(store, deadLetters, agreements, results, queues, handovers, tallies);
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

    /** A job was not run in its time. */
    private void giveUp(Entry entry, RawJson error, long nowMs) {
        judgement.giveUp(entry, error, nowMs);
    }

    /** What operators do with the jobs. */
    public Operations operations() {
        return operations;
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

    /** Forgets all jobs of the queue that do not run; some at once, the rest before any other of it begins. */
    public void drop(String queue, long nowMs) {
        tallies.forget(queue);
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
            judgement.succeeded(active, answer, nowMs);
        } else {
            RawJson error = answer.data() == null ? RawJson.NULL : answer.data();
            judgement.failed(active, error, answer.callerWorkerId() != null, nowMs);
        }
        queues.pump(queue, nowMs);
        return queues.begun();
    }

    /** Does what is due. */
    public List<Attempt> tick(long nowMs) {
        for (Entry entry : queues.due(nowMs, MOST_DUE)) {
            if (!entry.isOver()) {
                due(entry, nowMs);
            }
        }
        queues.look(nowMs);
        dedup.sweep(nowMs);
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
                judgement.late(active, nowMs);
                queues.pump(entry.queue(), nowMs);
            }
        } else if (progress == null && !entry.isTaken() && entry.expiresMs() > 0 && entry.expiresMs() <= nowMs) {
            judgement.expired(entry, nowMs);
            queues.pump(entry.queue(), nowMs);
        } else if (entry.waitsUntil() > 0 && entry.waitsUntil() <= nowMs) {
            queues.awake(entry, nowMs);
        }
    }
}
