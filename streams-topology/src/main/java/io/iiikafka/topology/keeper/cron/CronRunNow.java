package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/** {@code engine::cron::run_now}: one run beside the ticks, also of a paused schedule; its payload has {@code manual}. */
final class CronRunNow extends TriggerFunction {

    CronRunNow() {
        super(
                "engine::cron::run_now",
                "Run a schedule's function now",
                "{\"type\":\"object\",\"properties\":{\"trigger_id\":{\"type\":\"string\"}},\"required\":[\"trigger_id\"]}",
                "{\"type\":\"object\",\"properties\":{\"invocation_id\":{\"type\":\"string\"}}}");
    }

    @Override
    RawJson decide(Input input, Registered leader, ScheduleOperations schedules, Command command) {
        String id = schedules.runNow(leader, command.position(), command.timestampMs());
        return JsonBuilder.object().member("invocation_id", id).build();
    }
}
