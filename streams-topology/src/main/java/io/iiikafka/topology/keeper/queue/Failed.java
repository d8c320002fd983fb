package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Tried;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * Takes over a delivery that a gateway made and that failed: it is repeated as a job of the queue, or is a dead letter.
 * Input as that of {@link Enqueue}, with {@code error} ({@code {"code","message"}}), {@code condition}, {@code made} (how
 * many attempts count; 1 unless given), {@code last} (whether it is not to be repeated), {@code once} (the same again
 * changes nothing; {@code messageReceiptId} unless given), {@code enqueued_at} (when the job was enqueued, in epoch
 * milliseconds; now unless given), {@code known} and {@code delivered} (whether the gateway has counted the job, and a
 * delivery of it). For gateways only.
 */
final class Failed extends QueueFunction {

    static final String ID = "iii::queue::failed";

    Failed() {
        super(ID, "Repeat a delivery that failed", QueueSchemas.ENQUEUE, null);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String key = EntryKey.queue(input.text("queue"));
        // A gateway that does not wait for an answer relies on this.
        if (work.command().call().reply() && work.agreements().find(key) == null) {
            throw new Refusal(ErrorCode.ENQUEUE_ERROR, "Queue '" + input.text("queue") + "' not found");
        }
        work.jobs()
                .handovers()
                .failed(
                        call(input),
                        input.optionalText("condition"),
                        key,
                        tried(input),
                        enqueuedMs(input, work),
                        work.nowMs());
        return Outcome.NO_VALUE;
    }

    /** The call that the job makes. */
    static Call call(Input input) {
        return new Call(
                input.text("messageReceiptId"),
                input.text("function_id"),
                input.text("namespace"),
                input.require("data"),
                Enqueue.presentOrNull(input.find("metadata")),
                false,
                null,
                input.optionalText("traceparent"),
                input.optionalText("baggage"),
                0);
    }

    /** In epoch milliseconds. */
    static long enqueuedMs(Input input, QueueWork work) {
        return input.integer("enqueued_at", 1, Long.MAX_VALUE, work.nowMs());
    }

    static Tried tried(Input input) {
        return new Tried(
                (int) input.integer("made", 0, 1, 1),
                input.flag("last"),
                input.optionalText("once"),
                input.require("error"),
                input.flag("known"),
                input.flag("delivered"));
    }
}
