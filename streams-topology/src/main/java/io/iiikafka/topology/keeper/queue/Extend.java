package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code iii::queue::extend}: a handler that needs longer says so (spec: queue.md 12.5):
 * {@code {"message_id":"…","ms":60000}} → {@code {"extended":1}}. The receipt does not say where the job is, so all
 * partitions are asked.
 */
final class Extend extends QueueFunction {

    static final String ID = "iii::queue::extend";
    static final String PART = "iii::queue::extend_part";

    private static final long LONGEST_MS = 7L * 24 * 3_600_000;

    Extend(String id) {
        super(id, "Give the delivery of a job more time", QueueSchemas.EXTEND, QueueSchemas.EXTENDED);
    }

    @Override
    public Placement placement(Call call) {
        return new Placement.Everywhere(PART, parts -> {
            long extended = parts.stream().filter(each -> each.toString().equals("1")).count();
            return JsonBuilder.object().member("extended", Math.min(extended, 1)).build();
        });
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        long ms = input.integer("ms", 1, LONGEST_MS, 60_000);
        boolean extended = work.operations().extend(input.text("message_id"), ms, work.nowMs());
        return new Outcome.Success(RawJson.of(extended ? "1" : "0"));
    }
}
