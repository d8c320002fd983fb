package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/** One of {@code engine::cron::*} that is about the trigger in {@code trigger_id}. */
abstract class TriggerFunction extends CronFunction {

    TriggerFunction(String id, String description, String request, String response) {
        super(id, description, request, response);
    }

    @Override
    final RawJson decide(Input input, ScheduleOperations schedules, Command command) {
        Registered leader = schedules.find(input.text("trigger_id"));
        return leader == null ? RawJson.NULL : decide(input, leader, schedules, command);
    }

    /** @param leader the trigger that speaks for the schedule */
    abstract RawJson decide(Input input, Registered leader, ScheduleOperations schedules, Command command);
}
