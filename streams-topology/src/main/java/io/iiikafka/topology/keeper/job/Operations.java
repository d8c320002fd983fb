package io.iiikafka.topology.keeper.job;

import java.util.List;
import java.util.function.Predicate;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** What operators, and handlers, do with the jobs of one partition (spec: queue.md 4, 12.4, 12.5). As {@link Jobs}. */
public final class Operations {

    private final JobStore store;
    private final DeadLetters deadLetters;
    private final Agreements agreements;
    private final Results results;
    private final Queues queues;
    private final Handovers handovers;
    private final Tallies tallies;

    Operations(
            JobStore store,
            DeadLetters deadLetters,
            Agreements agreements,
            Results results,
            Queues queues,
            Handovers handovers,
            Tallies tallies) {
        this.store = store;
        this.deadLetters = deadLetters;
        this.agreements = agreements;
        this.results = results;
        this.queues = queues;
        this.handovers = handovers;
        this.tallies = tallies;
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
        return handovers.extend(receipt, nowMs + ms);
    }

    /** Holds jobs back, or lets them go again; those that run are not touched. */
    public void pause(String queue, boolean paused, long nowMs) {
        queues.pause(queue, paused, nowMs);
    }

    /**
     * Makes a dead letter a job again; false when its subscription has ended: then it stays.
     *
     * @param function to call instead; null: the same
     * @param by the trace context of the call that does so; null: it has none
     * @param notBeforeMs it is not tried earlier; 0: at once
     */
    public boolean redrive(
            DeadLetters.Letter letter, @Nullable String function, @Nullable String by, long notBeforeMs, long nowMs) {
        if (agreements.hasEnded(letter.agreement())) {
            return false;
        }
        deadLetters.remove(letter);
        queues.add(letter.job(store.nextNumber(), function, by, notBeforeMs, nowMs), nowMs);
        return true;
    }

    /** What became of a job of the queue that succeeded; null when that is not kept. */
    public @Nullable RawJson result(String queue, String receipt, long nowMs) {
        return results.find(queue, receipt, nowMs);
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
        Tallies.Tally tally = tallies.of(key);
        return queue == null
                ? new Counts(0, 0, tally.delivered(), tally.failed())
                : new Counts(queue.size() - queue.delayed(), queue.delayed(), tally.delivered(), tally.failed());
    }
}
