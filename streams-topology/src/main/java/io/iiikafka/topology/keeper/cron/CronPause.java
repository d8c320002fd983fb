package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/** {@code engine::cron::pause} and {@code resume}: ticks of a paused schedule are left out. */
final class CronPause extends TriggerFunction {

    private final boolean paused;

    CronPause(boolean paused) {
        super(
                paused ? "engine::cron::pause" : "engine::cron::resume",
                paused ? "Leave out a schedule's ticks from now on" : "Run a schedule's ticks again",
                "{\"type\":\"object\",\"properties\":{\"trigger_id\":{\"type\":\"string\"}},\"required\":[\"trigger_id\"]}",
                "{\"type\":\"object\",\"properties\":{\"paused\":{\"type\":\"boolean\"}}}");
        this.paused = paused;
    }

    @Override
    RawJson decide(Input input, Registered leader, ScheduleOperations schedules, Command command) {
        Schedule schedule = schedules.stored(leader.key());
        schedule.paused = paused;
        schedules.store(leader.key(), schedule);
        return RawJson.of("{\"paused\":" + paused + "}");
    }
}
