package io.iiikafka.topology.keeper.cron;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** {@code engine::cron::list}: schedules, a row each, by the id of their oldest trigger. */
final class CronList extends CronFunction {

    CronList() {
        super(
                "engine::cron::list",
                "List schedules",
                "{\"type\":\"object\",\"properties\":{\"function_id\":{\"type\":\"string\"},"
                        + "\"namespace\":{\"type\":\"string\"}}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}");
    }

    @Override
    RawJson merge(List<RawJson> parts, Call call) {
        List<RawJson> rows = new ArrayList<>();
        parts.forEach(part -> part.forEachElement(rows::add));
        return array(rows);
    }

    @Override
    RawJson decide(Input input, ScheduleOperations schedules, Command command) {
        String function = input.optionalText("function_id");
        String namespace = input.optionalText("namespace");
        List<RawJson> rows = new ArrayList<>();
        for (Registered each : schedules.all()) {
            if ((function == null || function.equals(each.entry().functionId()))
                    && (namespace == null || namespace.equals(each.entry().namespace()))) {
                rows.add(row(each, schedules, command.timestampMs()));
            }
        }
        return array(rows);
    }

    private static RawJson row(Registered leader, ScheduleOperations schedules, long nowMs) {
        Schedule schedule = schedules.stored(leader.key());
        long next = schedules.nextTickMs(leader, nowMs);
        return JsonBuilder.object()
                .member("trigger_id", leader.entry().id())
                .member("function_id", leader.entry().functionId())
                .member("namespace", leader.entry().namespace())
                .member("expression", leader.config().expression())
                .member("timezone", leader.config().zone().getId().equals("Z") ? "UTC" : leader.config().zone().getId())
                .member("next_run", time(next == Timing.NEVER ? 0 : next))
                .member("last_run", time(schedule.lastRunMs))
                .member("last_status", schedule.lastStatus)
                .member("running", !schedule.running.isEmpty())
                .member("paused", schedule.paused)
                .member("runs", schedule.runs)
                .member("failures", schedule.failures)
                .member("skipped", schedule.skipped)
                .build();
    }

    private static @Nullable String time(long ms) {
        return ms == 0 ? null : CronPayload.tick(ms);
    }
}
