package io.iiikafka.topology.keeper.cron;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/** How far a schedule is, as it is stored. Times are epoch milliseconds. Used while it is changed, then stored again. */
final class Schedule {

    /** Where its newest trigger stands in the catalog: with an older one there is no new registration. */
    long registration = -1;
    /** No tick up to then is to come. */
    long lastMs;
    /** The earliest tick is after that, because before nobody had asked for it. */
    long sinceMs;

    boolean paused;
    /** Whether its triggers are to be removed. */
    boolean over;
    /** Numbers of runs that are not answered. */
    final List<Long> running = new ArrayList<>();
    /** Ticks that wait for a run to end. */
    final List<Long> waiting = new ArrayList<>();

    long runs;
    long failures;
    /** Ticks that were left out. */
    long skipped;
    /** Tick of the last run; 0: none. */
    long lastRunMs;

    @Nullable String lastStatus;
    /** How many entries its history has had. */
    long told;

    RawJson toJson() {
        return JsonBuilder.object()
                .member("registration", registration)
                .member("last", lastMs)
                .member("since", sinceMs)
                .member("paused", paused)
                .member("over", over)
                .member("running", numbers(running))
                .member("waiting", numbers(waiting))
                .member("runs", runs)
                .member("failures", failures)
                .member("skipped", skipped)
                .member("last_run", lastRunMs)
                .member("last_status", lastStatus)
                .member("told", told)
                .build();
    }

    private static RawJson numbers(List<Long> numbers) {
        JsonBuilder array = JsonBuilder.array();
        numbers.forEach(each -> array.element(RawJson.of(Long.toString(each))));
        return array.build();
    }

    static Schedule of(RawJson json) {
        Input members = Input.of("schedule", json);
        Schedule schedule = new Schedule();
        schedule.registration = number(members, "registration");
        schedule.lastMs = number(members, "last");
        schedule.sinceMs = number(members, "since");
        schedule.paused = members.flag("paused");
        schedule.over = members.flag("over");
        members.elements("running").forEach(each -> schedule.running.add(Long.parseLong(each.toString())));
        members.elements("waiting").forEach(each -> schedule.waiting.add(Long.parseLong(each.toString())));
        schedule.runs = number(members, "runs");
        schedule.failures = number(members, "failures");
        schedule.skipped = number(members, "skipped");
        schedule.lastRunMs = number(members, "last_run");
        schedule.lastStatus = members.optionalText("last_status");
        schedule.told = number(members, "told");
        return schedule;
    }

    private static long number(Input members, String name) {
        return members.integer(name, Long.MIN_VALUE, Long.MAX_VALUE, 0);
    }
}
