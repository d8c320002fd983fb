package io.iiikafka.topology.keeper.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;
import org.jspecify.annotations.Nullable;

/** What functions ask of the schedules of one partition, and do with them (spec: cron.md 12.3). As {@link Schedules}. */
final class ScheduleOperations {

    private final CronTriggers triggers;
    private final CronStores stores;
    private final Runs runs;
    private final int partition;
    private final Map<String, Long> nextTicks;

    /** @param nextTicks of the schedules that have one, by their keys; as it is at the moment */
    ScheduleOperations(CronTriggers triggers, CronStores stores, Runs runs, int partition, Map<String, Long> nextTicks) {
        this.triggers = triggers;
        this.stores = stores;
        this.runs = runs;
        this.partition = partition;
        this.nextTicks = nextTicks;
    }

    /** The schedule of the trigger, if it is of this partition; null: it is not. */
    @Nullable Registered find(String triggerId) {
        String key = triggers.keyOf(triggerId, partition);
        return key == null ? null : triggers.leader(key);
    }

    List<Registered> all() {
        List<Registered> all = new ArrayList<>();
        for (String key : triggers.keysOf(partition)) {
            Registered leader = triggers.leader(key);
            if (leader != null) {
                all.add(leader);
            }
        }
        return all;
    }

    Schedule stored(String key) {
        Schedule schedule = stores.schedule(key);
        return schedule == null ? new Schedule() : schedule;
    }

    void store(String key, Schedule schedule) {
        stores.put(key, schedule);
    }

    CronStores stores() {
        return stores;
    }

    /** {@link Timing#NEVER} when there is none. */
    long nextTickMs(Registered leader, long nowMs) {
        Long next = nextTicks.get(leader.key());
        return next == null ? leader.config().nextMs(nowMs) : next;
    }

    /** Runs it beside what the schedule does; gives the id of the call. */
    String runNow(Registered leader, String position, long nowMs) {
        Schedule schedule = stored(leader.key());
        String name = leader.entry().id() + "/manual/" + position;
        String id = runs.start(leader, schedule, Math.floorDiv(nowMs, 1_000) * 1_000, name, true, nowMs);
        stores.put(leader.key(), schedule);
        return id;
    }

    /** Runs ticks of a time that may be past, one after the other unless they may overlap; gives how many. */
    int backfill(Registered leader, long fromMs, long toMs, int most, String position, long nowMs) {
        Schedule schedule = stored(leader.key());
        int fired = 0;
        for (long tick = leader.config().nextMs(fromMs - 1); tick <= toMs && fired < most; tick = leader.config().nextMs(tick)) {
            if (leader.config().overlap() == Overlap.ALLOW || schedule.running.isEmpty()) {
                String name = leader.entry().id() + "/" + CronPayload.tick(tick) + "/" + position;
                runs.start(leader, schedule, tick, name, false, nowMs);
            } else if (schedule.waiting.size() < Overlapping.MOST_WAITING) {
                schedule.waiting.add(tick);
            } else {
                break;
            }
            fired++;
        }
        stores.put(leader.key(), schedule);
        return fired;
    }
}
