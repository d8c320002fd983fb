package io.iiikafka.topology.keeper.cron;

import java.util.List;

import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/**
 * What becomes of a tick: it starts a run, or waits for the run before it, or ends that one, or is skipped, as the trigger's
 * overlap policy has it (spec: cron.md 6, 10.1). Used on the partition's thread.
 */
final class Overlapping {

    /** So many ticks of a schedule may wait for their turn. */
    static final int MOST_WAITING = 1_000;

    private final CronStores stores;
    private final Runs runs;
    private final CronWatch watch;

    Overlapping(CronStores stores, Runs runs, CronWatch watch) {
        this.stores = stores;
        this.runs = runs;
        this.watch = watch;
    }

    /** Whether ticks wait for a run that ended while the schedule had no trigger. */
    static boolean isHeldUp(Schedule schedule) {
        return schedule.running.isEmpty() && !schedule.waiting.isEmpty();
    }

    /** A tick has come. */
    void offer(Registered leader, Schedule schedule, long tickMs, long nowMs) {
        CronTriggerConfig config = leader.config();
        if (schedule.paused) {
            skip(schedule, "paused");
            return;
        }
        if (schedule.runs + schedule.running.size() + schedule.waiting.size() >= config.maxRuns()) {
            return;
        }
        switch (config.overlap()) {
            case ALLOW -> start(leader, schedule, tickMs, nowMs);
            case SKIP -> {
                if (schedule.running.isEmpty()) {
                    start(leader, schedule, tickMs, nowMs);
                } else {
                    skip(schedule, "overlap");
                }
            }
            case QUEUE_ONE -> queue(leader, schedule, tickMs, 1, nowMs);
            case QUEUE_ALL -> queue(leader, schedule, tickMs, MOST_WAITING, nowMs);
            case CANCEL_RUNNING -> {
                cancelRunning(leader, schedule, nowMs);
                start(leader, schedule, tickMs, nowMs);
            }
        }
    }

    private void queue(Registered leader, Schedule schedule, long tickMs, int most, long nowMs) {
        if (isHeldUp(schedule)) {
            next(leader, schedule, nowMs);
        }
        if (schedule.running.isEmpty()) {
            start(leader, schedule, tickMs, nowMs);
        } else if (schedule.waiting.size() < most) {
            schedule.waiting.add(tickMs);
        } else {
            skip(schedule, "overlap");
        }
    }

    private void cancelRunning(Registered leader, Schedule schedule, long nowMs) {
        for (long number : List.copyOf(schedule.running)) {
            Run run = stores.run(number);
            if (run != null) {
                runs.cancel(leader, run, schedule, nowMs);
            }
        }
        schedule.running.clear();
    }

    /** Starts the run of the tick that has waited longest. */
    void next(Registered leader, Schedule schedule, long nowMs) {
        start(leader, schedule, schedule.waiting.removeFirst(), nowMs);
    }

    private void start(Registered leader, Schedule schedule, long tickMs, long nowMs) {
        String name = leader.entry().id() + "/" + CronPayload.tick(tickMs);
        runs.start(leader, schedule, tickMs, name, false, nowMs);
    }

    private void skip(Schedule schedule, String reason) {
        schedule.skipped++;
        watch.skipped(reason);
    }
}
