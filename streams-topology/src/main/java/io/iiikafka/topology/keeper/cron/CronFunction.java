package io.iiikafka.topology.keeper.cron;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.DescribedFunction;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;

/**
 * One of {@code engine::cron::*} (spec: cron.md 12.3). Which partition keeps a trigger's schedule only the keeper knows, so
 * all are asked, and those that do not keep it answer {@code null}.
 */
abstract class CronFunction extends DescribedFunction {

    static final String WORKER = "iii-cron";

    CronFunction(String id, String description, String request, String response) {
        super(id, WORKER, description, RawJson.of(request), RawJson.of(response));
    }

    @Override
    public Placement placement(Call call) {
        return new Placement.Everywhere(partId(), parts -> merge(parts, call));
    }

    /** Under which partitions are asked. */
    final String partId() {
        return "iii::cron::" + id().substring(id().lastIndexOf(':') + 1) + "_part";
    }

    RawJson merge(List<RawJson> parts, Call call) {
        for (RawJson part : parts) {
            if (!part.isNull()) {
                return part;
            }
        }
        throw new Refusal(
                ErrorCode.NOT_FOUND,
                "No cron trigger '" + Input.of(call).text("trigger_id") + "' is registered; engine::cron::list shows those"
                        + " that are");
    }

    /**
     * What this partition says; {@code null} when the trigger is not its.
     *
     * @throws Refusal when the input does not fit
     */
    abstract RawJson decide(Input input, ScheduleOperations schedules, Command command);

    static RawJson array(List<RawJson> elements) {
        JsonBuilder array = JsonBuilder.array();
        elements.forEach(array::element);
        return array.build();
    }
}
