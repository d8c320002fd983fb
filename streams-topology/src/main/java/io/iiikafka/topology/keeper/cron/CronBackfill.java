package io.iiikafka.topology.keeper.cron;

import java.time.DateTimeException;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/** {@code engine::cron::backfill}: runs the ticks of a time, those that were run before, too. */
final class CronBackfill extends TriggerFunction {

    private static final int MOST = 1_000;

    CronBackfill() {
        super(
                "engine::cron::backfill",
                "Run the ticks of a time",
                "{\"type\":\"object\",\"properties\":{\"trigger_id\":{\"type\":\"string\"},"
                        + "\"from\":{\"type\":\"string\"},\"to\":{\"type\":\"string\"},"
                        + "\"max\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":" + MOST + "}},"
                        + "\"required\":[\"trigger_id\",\"from\",\"to\"]}",
                "{\"type\":\"object\",\"properties\":{\"fired\":{\"type\":\"integer\"}}}");
    }

    @Override
    RawJson decide(Input input, Registered leader, ScheduleOperations schedules, Command command) {
        int most = (int) input.integer("max", 1, MOST, 100);
        long from = time(input, "from");
        long to = time(input, "to");
        int fired = schedules.backfill(leader, from, to, most, command.position(), command.timestampMs());
        return RawJson.of("{\"fired\":" + fired + "}");
    }

    static long time(Input input, String name) {
        try {
            return CronTime.millis(input.text(name));
        } catch (DateTimeException e) {
            throw input.misfit("`" + name + "` " + CronTime.SHAPE);
        }
    }
}
