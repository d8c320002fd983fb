package io.iiikafka.topology.keeper.job;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs may run: of each queue no more at once than it allows, the first that is ready first, as soon as somebody
 * serves its function. Knows all jobs, as {@linkplain Entry entries}. Used on the partition's thread.
 */
final class Queues {

    /** So many are given up before other commands have their turn. */
    static final int MOST_GIVEN_UP = 500;

    /** Is told of a job that was not run in its time. */
    interface GivingUp {

        void giveUp(Entry entry, RawJson error, long nowMs);
    }

    private final JobStore store;
    private final Dedup dedup;
    private final Served served;
    private final Starting starting;
    private final Pump pump;
    private final JobWatch watch;
    private final Map<String, Queue> queues = new HashMap<>();
    private final Map<Long, Active> active = new HashMap<>();
    private final Map<String, Entry> lent = new HashMap<>();
    private final Deadlines deadlines = new Deadlines();
    private final Looks looks = new Looks();

    /** @param clock epoch milliseconds */
    Queues(
            JobStore store,
            Agreements agreements,
            Served served,
            GivingUp givingUp,
            Dedup dedup,
            LongSupplier clock,
            JobWatch watch) {
        this.watch = watch;
        this.dedup = dedup;
        this.store = store;
        this.served = served;
        this.starting = new Starting(store, agreements, clock, this);
        Holding holding = new Holding(agreements, served, looks, givingUp, clock);
        this.pump = new Pump(this, store, agreements, served, looks, holding, starting);
    }

    /** Knows of none any more; may be told twice. */
    void close() {
        queues.values().forEach(Queue::leave);
        queues.clear();
    }

    /** Is there from now on. */
    Queue queue(String name) {
        return queues.computeIfAbsent(
                name, absent -> new Queue(absent, Agreements.holds(absent) ? watch.of(absent) : JobWatch.OfQueue.NONE));
    }

    /** The job as it is known in memory. */
    Entry entry(Job job, @Nullable Progress progress) {
        Queue queue = queue(job.terms().queue());
        Entry entry = new Entry(job, queue, queue.target(job), progress);
        if (entry.lentAs() != null) {
            lent.put(queue.name() + '\0' + entry.lentAs(), entry);
        }
        return entry;
    }

    /** Null when there is nothing to know of it. */
    @Nullable Queue find(String name) {
        return queues.get(name);
    }

    Collection<Queue> all() {
        return queues.values();
    }

    @Nullable Active active(long number) {
        return active.get(number);
    }

    /** It is tried from now on. */
    void active(Active tried) {
        active.put(tried.entry().number(), tried);
    }

    Collection<Active> active() {
        return active.values();
    }

    /** When {@link #look} is due, or something else, in epoch milliseconds. */
    long nextDueMs() {
        return Math.min(looks.nextMs(), deadlines.firstMs());
    }

    /** Keeps a job that is new. */
    void add(Job job, long nowMs) {
        add(job, nowMs, true);
    }

    /** @param counted whether it is counted among those that came */
    void add(Job job, long nowMs, boolean counted) {
        store.add(job);
        Entry entry = entry(job, null);
        entry.queue().came(entry);
        if (counted) {
            entry.queue().watch().enqueued();
        }
        expire(entry);
        if (job.terms() instanceof Terms.Agreed agreed && agreed.notBeforeMs() > nowMs) {
            delay(entry, agreed.notBeforeMs());
        } else {
            if (entry.queue().size() == 1) {
                entry.queue().looked(job);
            }
            arrive(entry, nowMs);
            pump(entry.queue(), nowMs);
        }
    }

    /** It does not run before. */
    void delay(Entry entry, long untilMs) {
        entry.waitsUntil(untilMs);
        entry.queue().waits(entry, 1);
        deadlines.add(untilMs, entry);
    }

    /** The job of the queue that is lent under that name, or was and is not over; null: there is none. */
    @Nullable Entry lent(String queue, String name) {
        return lent.get(queue + '\0' + name);
    }

    /** Those that are lent, or were and are not over. */
    Collection<Entry> lent() {
        return lent.values();
    }

    /** Its lease ends later. */
    void lendUntil(Entry entry, long untilMs) {
        if (entry.isLent()) {
            deadlines.remove(entry.waitsUntil(), entry);
            entry.waitsUntil(untilMs);
            deadlines.add(untilMs, entry);
        }
    }

    /** It is given up when it was not begun by then. */
    void expire(Entry entry) {
        if (entry.expiresMs() > 0) {
            deadlines.add(entry.expiresMs(), entry);
        }
    }

    /** It may run when its turn has come. */
    void arrive(Entry entry, long nowMs) {
        entry.up(nowMs);
        entry.queue().untried(1);
        if (entry.lane() == null || entry.queue().lane(entry.lane()).join(entry)) {
            entry.queue().turns().add(entry);
        }
    }

    /** The job was tried before the partition was opened. */
    void resume(Active tried, Progress progress) {
        Entry entry = tried.entry();
        active.put(entry.number(), tried);
        deadlines.add(progress.dueMs(), entry);
        if (progress.running()) {
            entry.queue().began();
        } else {
            entry.queue().delayed(1);
            entry.waitsUntil(progress.dueMs());
        }
    }

    /** Takes out those that are to be looked after. */
    List<Entry> due(long nowMs, int most) {
        return deadlines.take(nowMs, most);
    }

    /** Its time has come. */
    void awake(Entry entry, long nowMs) {
        entry.queue().waits(entry, -1);
        entry.waitsUntil(0);
        if (entry.progress() == null) {
            arrive(entry, nowMs);
        } else {
            entry.up(nowMs);
            entry.queue().turns().add(entry);
        }
        pump(entry.queue(), nowMs);
    }

    /** It is tried again then; its attempt is over already. */
    void retry(Entry entry, Progress progress) {
        progress(entry, progress);
        entry.waitsUntil(progress.dueMs());
        entry.queue().delayed(1);
    }

    /** It is tried again when its turn has come; nobody has a turn until then who calls the same. Its attempt is over. */
    void hold(Entry entry, Progress progress, long untilMs) {
        progress(entry, progress);
        Turns turns = entry.queue().turns();
        turns.add(entry);
        if (!entry.target().isAside()) {
            turns.putAside(entry.target(), untilMs);
            lookAt(entry.queue(), untilMs);
        }
    }

    /** Keeps how far the job is and when to look after it. */
    void progress(Entry entry, Progress after) {
        Progress before = entry.progress();
        if (before != null) {
            deadlines.remove(before.dueMs(), entry);
        }
        entry.progress(after);
        store.progress(entry.number(), after);
        deadlines.add(after.dueMs(), entry);
    }

    /** The attempt is over. */
    void ended(Entry entry) {
        entry.queue().ended();
        requireNonNull(entry.progress());
        deadlines.remove(entry.progress().dueMs(), entry);
    }

    /** The job is over, and no attempt of it runs. */
    void done(Entry entry) {
        entry.over();
        Queue queue = entry.queue();
        if (entry.lentAs() != null) {
            lent.remove(queue.name() + '\0' + entry.lentAs(), entry);
        }
        Progress progress = entry.progress();
        if (progress != null) {
            deadlines.remove(progress.dueMs(), entry);
            store.progress(entry.number(), null);
            active.remove(entry.number());
        } else if (entry.waitsUntil() == 0 && !entry.isTaken()) {
            queue.untried(-1);
        }
        if (entry.waitsUntil() > 0) {
            deadlines.remove(entry.waitsUntil(), entry);
            queue.waits(entry, -1);
        }
        if (entry.expiresMs() > 0) {
            deadlines.remove(entry.expiresMs(), entry);
        }
        store.remove(entry.number());
        dedup.done(entry.number());
        queue.turns().remove(entry);
        Entry next = queue.leaveLane(entry);
        if (next != null) {
            queue.turns().add(next);
        }
        queue.went(entry);
        if (queue.isRid()) {
            store.dropped(queue.name(), null);
        }
        forget(queue, 0);
    }

    /** Forgets the queue when it is empty; what began lately counts for what may come. */
    void forget(Queue queue, long nowMs) {
        if (queue.isEmpty() && queue.pace().countsUntilMs() > nowMs) {
            lookAt(queue, queue.pace().countsUntilMs());
        } else if (queue.isEmpty()) {
            queues.remove(queue.name(), queue);
        }
    }

    /** Forgets all jobs of the queue that do not run; some at once, the rest before any other of it begins. */
    void drop(String name, long nowMs) {
        Queue queue = queues.get(name);
        if (queue != null && queue.lastNumber() >= 0) {
            queue.condemn(queue.lastNumber());
            store.dropped(name, queue.lastNumber());
            pump(queue, nowMs);
        }
    }

    /** The job of the queue with that id; null when there is none. */
    @Nullable Entry find(String name, String id) {
        Queue queue = queues.get(name);
        if (queue == null) {
            return null;
        }
        for (Entry entry : queue.all()) {
            if (entry.mayBe(id)) {
                Job job = store.job(entry.number());
                if (job != null && job.call().invocationId().equals(id)) {
                    return entry;
                }
            }
        }
        return null;
    }

    /** What operators call the state that it is in. */
    String stateOf(Entry entry) {
        if (entry.isRunning() || entry.isLent()) {
            return "active";
        }
        if (entry.waitsUntil() > 0) {
            return "delayed";
        }
        return entry.queue().isPaused() || !served.test(entry.target()) ? "held" : "waiting";
    }

    void pause(String name, boolean paused, long nowMs) {
        Queue queue = queue(name);
        if (queue.isPaused() != paused) {
            queue.pause(paused);
            store.pause(name, paused);
        }
        pump(queue, nowMs);
    }

    /** Looks after the queues that wait for what nobody tells of, if that is due. */
    void look(long nowMs) {
        looks.take(nowMs).forEach(queue -> pump(queue, nowMs));
    }

    /** Has the queue looked at again by then. */
    void lookAt(Queue queue, long ms) {
        looks.add(queue, ms);
    }

    /** Starts what may run of the queue. */
    void pump(Queue queue, long nowMs) {
        pump.run(queue, nowMs);
    }

    /** Since when a job might have run; events of triggers are kept for a time from when they came. */
    static long upSinceMs(Entry entry) {
        return Agreements.holds(entry.queue().name()) ? entry.upMs() : entry.createdMs();
    }

    /** The attempts that were begun since this was asked last. */
    List<Attempt> begun() {
        return starting.begun();
    }
}
