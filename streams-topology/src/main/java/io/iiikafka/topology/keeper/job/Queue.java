package io.iiikafka.topology.keeper.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.iiikafka.topology.catalog.FunctionKey;
import org.jspecify.annotations.Nullable;

/** The jobs of a queue, as far as they are known in memory: by whom they call, and by what they wait for. */
final class Queue {

    private record TargetName(FunctionKey function, @Nullable String condition) {}

    private final String name;
    private final JobWatch.OfQueue watch;
    private final Map<TargetName, Target> targets = new HashMap<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Turns turns = new Turns();
    private final TreeMap<Long, Entry> all = new TreeMap<>();
    private int running;
    private int delayed;
    private int untried;
    private boolean paused;
    private @Nullable Job looked;
    private final Pace pace = new Pace();
    /** Jobs with numbers up to this one are to be dropped; -1: none. */
    private long condemned = -1;
    /** Jobs with numbers up to this one are not tried again. */
    private long doomed = -1;

    Queue(String name, JobWatch.OfQueue watch) {
        this.name = name;
        this.watch = watch;
    }

    JobWatch.OfQueue watch() {
        return watch;
    }

    String name() {
        return name;
    }

    Target target(Job job) {
        FunctionKey function = new FunctionKey(job.call().namespace(), job.call().functionId());
        return targets.computeIfAbsent(
                new TargetName(function, job.condition()), absent -> new Target(function, job.condition()));
    }

    Lane lane(String lane) {
        return lanes.computeIfAbsent(lane, absent -> new Lane());
    }

    /** Takes the entry out of its lane; gives the one whose turn has come by that. */
    @Nullable Entry leaveLane(Entry entry) {
        Lane lane = entry.lane() == null ? null : lanes.get(entry.lane());
        if (lane == null || entry.lane() == null) {
            return null;
        }
        Entry next = lane.leave(entry);
        if (lane.isEmpty()) {
            lanes.remove(entry.lane());
        }
        return next;
    }

    Turns turns() {
        return turns;
    }

    /** All jobs. */
    int size() {
        return all.size();
    }

    /** In the order in which they came. */
    Collection<Entry> all() {
        return all.values();
    }

    @Nullable Entry entry(long number) {
        return all.get(number);
    }

    void came(Entry entry) {
        all.put(entry.number(), entry);
        entry.target().came();
        watch.jobs(1);
        if (all.size() == 1) {
            watch.oldest(entry.createdMs());
        }
    }

    void went(Entry entry) {
        if (all.remove(entry.number()) == null) {
            return;
        }
        if (entry.target().went()) {
            FunctionKey condition = entry.target().condition();
            targets.remove(new TargetName(entry.target().function(), condition == null ? null : condition.id()));
        }
        watch.jobs(-1);
        watch.oldest(all.isEmpty() ? 0 : all.firstEntry().getValue().createdMs());
    }

    /** Those up to that number are to be dropped. */
    void condemn(long number) {
        condemned = number;
        doomed = Math.max(doomed, number);
    }

    /** Whether the last one of those that were to be dropped has gone; says so once. */
    boolean isRid() {
        if (doomed < 0 || !all.isEmpty() && all.firstKey() <= doomed) {
            return false;
        }
        condemned = -1;
        doomed = -1;
        return true;
    }

    /** The number of the job that came last; -1: there is none. */
    long lastNumber() {
        return all.isEmpty() ? -1 : all.lastKey();
    }

    /** Whether it was to be dropped, and did run. */
    boolean isDoomed(Entry entry) {
        return entry.number() <= doomed;
    }

    /** So many of those that are to be dropped and do not run. */
    List<Entry> condemned(int most) {
        if (condemned < 0) {
            return List.of();
        }
        List<Entry> first = all.headMap(condemned, true).values().stream()
                .filter(each -> !each.isRunning())
                .limit(most)
                .toList();
        condemned = first.size() < most ? -1 : condemned;
        return first;
    }

    int running() {
        return running;
    }

    void began() {
        running++;
        watch.running(1);
    }

    void ended() {
        running--;
        watch.running(-1);
    }

    /** Jobs that wait for a time. */
    int delayed() {
        return delayed;
    }

    /** So many more like this one wait for a time. What a gateway runs does not wait. */
    void waits(Entry entry, int more) {
        if (!entry.isLent()) {
            delayed(more);
        }
    }

    void delayed(int more) {
        delayed += more;
        watch.delayed(more);
    }

    /** So many have come up that were never told. */
    int untried() {
        return untried;
    }

    void untried(int more) {
        untried += more;
    }

    Pace pace() {
        return pace;
    }

    boolean isPaused() {
        return paused;
    }

    void pause(boolean now) {
        paused = now;
    }

    /** The job that was looked at last, so that it need not be read again when its turn comes. */
    private @Nullable Job looked(long number) {
        return looked != null && looked.number() == number ? looked : null;
    }

    void looked(@Nullable Job job) {
        looked = job;
    }

    @Nullable Job read(Entry entry, JobStore store) {
        Job before = looked(entry.number());
        Job job = before == null ? store.job(entry.number()) : before;
        looked(job);
        return job;
    }

    /** Whether nothing is lost when it is forgotten. */
    boolean isEmpty() {
        return all.isEmpty() && !paused;
    }

    /** This process has nothing to do with it any more. */
    void leave() {
        watch.jobs(-all.size());
        watch.delayed(-delayed);
        watch.running(-running);
        watch.oldest(0);
    }
}
