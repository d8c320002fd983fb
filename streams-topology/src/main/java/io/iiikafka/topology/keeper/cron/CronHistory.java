package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.cron.CronTriggers.Registered;

/** {@code engine::cron::history}: the last runs that ended, the newest first. */
final class CronHistory extends TriggerFunction {

    CronHistory() {
        super(
                "engine::cron::history",
                "List the last runs of a schedule",
                "{\"type\":\"object\",\"properties\":{\"trigger_id\":{\"type\":\"string\"},"
                        + "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":" + CronStores.HISTORY
                        + "}},\"required\":[\"trigger_id\"]}",
                "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}");
    }

    @Override
    RawJson decide(Input input, Registered leader, ScheduleOperations schedules, Command command) {
        int limit = (int) input.integer("limit", 1, CronStores.HISTORY, 20);
        return array(schedules.stores().history(leader.key(), schedules.stored(leader.key()), limit));
    }
}
