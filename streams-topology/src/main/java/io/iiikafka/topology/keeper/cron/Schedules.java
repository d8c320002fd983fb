package io.iiikafka.topology.keeper.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;
import io.iiikafka.topology.keeper.cron.Runs.RunEnd;
import io.iiikafka.topology.record.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedules of one partition at work (spec: cron.md 5, 6). Used on the partition's thread.
 *
 * <p>What was done is stored, in the transaction that has it done; when the next tick of each schedule is, is in memory
 * only, reckoned from what is stored and from the trigger's config.
 */
final class Schedules {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final String TICK = "tick/";
    private static final String FORGET = "forget/";
    private static final String UNREGISTER = "engine::unregister_trigger";

    /** So much of what is due is done before other commands have their turn. */
    private static final int MOST_DUE = 500;
    /** So long a schedule is remembered that has no triggers: they may come back. */
    private static final long KEPT_MS = 86_400_000;
    private static final long PATIENCE_MS = 600_000;

    private final CronTriggers triggers;
    private final CronStores stores;
    private final CronWatch watch;
    private final int partition;
    private final Set<String> changed;
    private final Agenda agenda = new Agenda();
    private final Runs runs;
    private final Overlapping overlapping;
    private final ClockSkew skew = new ClockSkew(System::currentTimeMillis);
    private final Map<String, Long> nextTicks = new HashMap<>();
    private final List<Firing> firings = new ArrayList<>();
    private final ScheduleOperations operations;

    Schedules(CronTriggers triggers, CronStores stores, CronWatch watch, int partition) {
        this.triggers = triggers;
        this.stores = stores;
        this.watch = watch;
        this.partition = partition;
        this.changed = triggers.watch(partition);
        changed.addAll(triggers.keysOf(partition));
        stores.forEachSchedule(changed::add);
        this.runs = new Runs(stores, agenda, watch);
        this.overlapping = new Overlapping(stores, runs, watch);
        this.operations = new ScheduleOperations(triggers, stores, runs, partition, nextTicks);
    }

    /** The partition is not this process's any more. */
    void close() {
        triggers.unwatch(partition, changed);
        watch.schedules(partition, 0);
    }

    /** What functions ask for. */
    ScheduleOperations operations() {
        return operations;
    }

    /** When there is something to do next. */
    long nextDueMs() {
        return changed.isEmpty() ? agenda.firstMs() : 0;
    }

    /** What is to be called since this was asked last. */
    List<Firing> taken() {
        firings.addAll(runs.taken());
        List<Firing> taken = List.copyOf(firings);
        firings.clear();
        return taken;
    }

    /** Does what is due, and takes in what has become of triggers. */
    void tick(long nowMs) {
        runs.open(nowMs);
        for (int done = 0; done < MOST_DUE; done++) {
            String what = agenda.poll(nowMs);
            if (what == null) {
                break;
            }
            if (what.startsWith(TICK)) {
                tick(what.substring(TICK.length()), nowMs);
            } else if (what.startsWith(FORGET)) {
                forget(what.substring(FORGET.length()));
            } else if (what.startsWith(Runs.SENT)) {
                runs.sent(Long.parseLong(what.substring(Runs.SENT.length())));
            } else {
                late(Long.parseLong(what.substring(Runs.AGENDA.length())), nowMs);
            }
        }
        if (!changed.isEmpty()) {
            for (Iterator<String> keys = changed.iterator(); keys.hasNext(); ) {
                String key = keys.next();
                keys.remove();
                adopt(key, nowMs);
            }
            watch.schedules(partition, nextTicks.size());
        }
    }

    /** Begins, goes on with, or ends a schedule whose triggers have changed. */
    private void adopt(String key, long nowMs) {
        List<Registered> members = triggers.members(key);
        Schedule schedule = stores.schedule(key);
        if (members.isEmpty()) {
            if (schedule != null) {
                agenda.set(FORGET + key, nowMs + KEPT_MS);
            }
            leave(key);
            return;
        }
        agenda.remove(FORGET + key);
        Registered leader = members.getFirst();
        boolean known = schedule != null;
        Schedule now = schedule == null ? new Schedule() : schedule;
        boolean goesOn = known && leader.offset() <= now.registration;
        if (!goesOn) {
            begin(leader, now, known, nowMs);
        }
        long newest = members.getLast().offset();
        if (now.registration < newest) {
            now.registration = newest;
            stores.put(key, now);
        }
        plan(leader, Math.max(now.lastMs, now.sinceMs));
        if (now.runs >= leader.config().maxRuns()) {
            now.over = true;
        }
        if (!endIfOver(leader, now, nowMs) && !now.over && Overlapping.isHeldUp(now)) {
            overlapping.next(leader, now, nowMs);
            stores.put(key, now);
        }
    }

    /** Ticks of the time without a trigger were nobody's, unless they are to be made up for. */
    private void begin(Registered leader, Schedule schedule, boolean known, long nowMs) {
        CronTriggerConfig config = leader.config();
        schedule.over = false;
        if (config.timing() instanceof Timing.Moment) {
            schedule.sinceMs = nowMs - config.graceMs();
        } else if (!known || config.catchUp() == CatchUp.NONE) {
            schedule.sinceMs = nowMs;
        }
        if (config.plainNumbers() != null) {
            LOG.atWarn()
                    .addKeyValue("trigger", leader.entry().id())
                    .addKeyValue("expression", config.expression())
                    .log(
                            "In six and seven fields 1 is Sunday: this is {}; write names, or set dow_numbering to unix",
                            config.plainNumbers());
        }
    }

    private void plan(Registered leader, long afterMs) {
        planAt(leader, leader.config().nextMs(afterMs));
    }

    private void planAt(Registered leader, long tickMs) {
        nextTicks.put(leader.key(), tickMs);
        agenda.set(TICK + leader.key(), DueTicks.dueMs(leader.key(), leader.config(), tickMs));
    }

    private void leave(String key) {
        nextTicks.remove(key);
        agenda.remove(TICK + key);
    }

    private void forget(String key) {
        Schedule schedule = stores.schedule(key);
        if (schedule != null && triggers.leader(key) == null) {
            stores.remove(key, schedule);
        }
    }

    private void tick(String key, long nowMs) {
        Registered leader = triggers.leader(key);
        Schedule schedule = stores.schedule(key);
        Long first = nextTicks.get(key);
        if (leader == null || schedule == null || first == null || changed.contains(key) && replaced(leader, schedule)) {
            changed.add(key);
            return;
        }
        DueTicks due = DueTicks.of(key, leader.config(), first, nowMs);
        if (due.missed() > 0) {
            schedule.skipped += due.missed();
            watch.skipped("missed");
        }
        for (long tickMs : due.ticks()) {
            overlapping.offer(leader, schedule, tickMs, nowMs);
        }
        schedule.lastMs = Math.max(schedule.lastMs, due.ticks().isEmpty() ? Math.min(nowMs, due.nextMs() - 1) : due.ticks().getLast());
        planAt(leader, due.nextMs());
        if (!endIfOver(leader, schedule, nowMs)) {
            stores.put(key, schedule);
        }
    }

    /** Whether it is not the trigger any more for which the next tick was reckoned. */
    private static boolean replaced(Registered leader, Schedule schedule) {
        return leader.offset() > schedule.registration;
    }

    /** The next attempt is due, or the answer has not come. */
    private void late(long number, long nowMs) {
        Run run = stores.run(number);
        if (run == null) {
            return;
        }
        Registered leader = triggers.leader(run.schedule());
        if (run.waits() && leader != null) {
            runs.again(leader, run, nowMs);
        } else {
            ended(run, nowMs < run.dueMs() ? RunEnd.lost() : RunEnd.timeout(nowMs - run.startedMs()), nowMs);
        }
    }

    /** Takes the outcome of a call. One that is not awaited any more is ignored. */
    void answered(long number, Call answer, boolean success, long nowMs) {
        Run run = runs.of(number, answer);
        if (run == null) {
            return;
        }
        skew.answered(run.startedMs(), nowMs);
        if (!success) {
            ended(run, RunEnd.failed(answer.data()), nowMs);
            return;
        }
        // Of results the keeper is not told; this says that the function's condition kept it from being called.
        boolean vetoed = answer.data() != null && answer.data().isFalse();
        ended(run, vetoed ? RunEnd.BLOCKED : RunEnd.COMPLETED, nowMs);
    }

    private void ended(Run run, RunEnd end, long nowMs) {
        Registered leader = triggers.leader(run.schedule());
        if (end.isFailure() && leader != null && mayRetry(leader, run, nowMs)) {
            runs.retryLater(run, nowMs + leader.config().backoffMs());
            return;
        }
        Schedule found = stores.schedule(run.schedule());
        Schedule schedule = found == null ? new Schedule() : found;
        runs.end(run, schedule, end, nowMs);
        if (found == null) {
            return;
        }
        if (leader != null) {
            if (schedule.runs >= leader.config().maxRuns()) {
                schedule.over = true;
            } else if (!schedule.waiting.isEmpty() && schedule.running.isEmpty()) {
                overlapping.next(leader, schedule, nowMs);
            }
            if (endIfOver(leader, schedule, nowMs)) {
                return;
            }
        }
        stores.put(run.schedule(), schedule);
    }

    private boolean mayRetry(Registered leader, Run run, long nowMs) {
        CronTriggerConfig config = leader.config();
        long retryMs = nowMs + config.backoffMs();
        return run.attempt() < config.maxAttempts()
                && (config.overlap() != Overlap.SKIP || retryMs < nextTicks.getOrDefault(leader.key(), Timing.NEVER));
    }

    /** Has the triggers removed when no run is to come any more. */
    private boolean endIfOver(Registered leader, Schedule schedule, long nowMs) {
        boolean last = leader.config().ends()
                && nextTicks.getOrDefault(leader.key(), Timing.NEVER) == Timing.NEVER
                && schedule.waiting.isEmpty();
        if (!schedule.over && !last || !schedule.running.isEmpty()) {
            return false;
        }
        schedule.over = true;
        schedule.waiting.clear();
        stores.put(leader.key(), schedule);
        leave(leader.key());
        Set<String> ids = new HashSet<>();
        triggers.members(leader.key()).forEach(each -> ids.add(each.entry().id()));
        ids.forEach(id -> unregister(id, leader.offset(), nowMs));
        return true;
    }

    private void unregister(String triggerId, long offset, long nowMs) {
        String name = "over/" + triggerId + "/" + offset;
        firings.add(new Firing(
                new Call(
                        UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                        UNREGISTER,
                        Call.DEFAULT_NAMESPACE,
                        JsonBuilder.object().member("id", triggerId).build(),
                        null,
                        false,
                        null,
                        null,
                        null,
                        nowMs + PATIENCE_MS),
                null));
    }
}
