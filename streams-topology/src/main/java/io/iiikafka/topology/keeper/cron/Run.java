package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;

/**
 * A call of a schedule's function that is not answered. Times are epoch milliseconds.
 *
 * @param number unique in its partition
 * @param schedule the schedule's key
 * @param tickMs the tick, or when it was asked for by hand
 * @param startedMs when it was called first
 * @param name of the run, unique; ids of its calls are made of it
 * @param attempt 1 for the first
 * @param manual whether somebody asked for it
 * @param waits whether it is between two attempts
 * @param sent whether its call is known to have been written; of one that is not, a keeper that died may have kept it back
 * @param dueMs when the next attempt is made, or when it is too late for the answer
 */
record Run(
        long number,
        String schedule,
        long tickMs,
        long startedMs,
        String name,
        int attempt,
        boolean manual,
        boolean waits,
        boolean sent,
        long dueMs) {

    Run waiting(long untilMs) {
        return new Run(number, schedule, tickMs, startedMs, name, attempt, manual, true, false, untilMs);
    }

    Run again(long lateMs) {
        return new Run(number, schedule, tickMs, startedMs, name, attempt + 1, manual, false, false, lateMs);
    }

    Run known() {
        return new Run(number, schedule, tickMs, startedMs, name, attempt, manual, waits, true, dueMs);
    }

    RawJson toJson() {
        return JsonBuilder.object()
                .member("number", number)
                .member("schedule", schedule)
                .member("tick", tickMs)
                .member("started", startedMs)
                .member("name", name)
                .member("attempt", attempt)
                .member("manual", manual)
                .member("waits", waits)
                .member("sent", sent)
                .member("due", dueMs)
                .build();
    }

    static Run of(RawJson json) {
        Input members = Input.of("run", json);
        return new Run(
                number(members, "number"),
                members.text("schedule"),
                number(members, "tick"),
                number(members, "started"),
                members.text("name"),
                (int) number(members, "attempt"),
                members.flag("manual"),
                members.flag("waits"),
                members.flag("sent"),
                number(members, "due"));
    }

    private static long number(Input members, String name) {
        return members.integer(name, Long.MIN_VALUE, Long.MAX_VALUE, 0);
    }
}
