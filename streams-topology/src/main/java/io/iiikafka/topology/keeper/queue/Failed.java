package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * Takes over a delivery that a gateway made and that failed: it is repeated as a job of the queue, or is a dead letter.
 * Input as that of {@link Enqueue}, with {@code error} ({@code {"code","message"}}) and {@code condition}. The same
 * {@code messageReceiptId} again changes nothing. For gateways only.
 */
final class Failed extends QueueFunction {

    static final String ID = "iii::queue::failed";

    Failed() {
        super(ID, "Repeat a delivery that failed", QueueSchemas.ENQUEUE, null);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String key = EntryKey.queue(input.text("queue"));
        if (work.agreements().find(key) == null) {
            throw new Refusal(ErrorCode.ENQUEUE_ERROR, "Queue '" + input.text("queue") + "' not found");
        }
        Call call = new Call(
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
        work.jobs()
                .takeFailed(call, input.optionalText("condition"), key, null, input.require("error"), work.nowMs());
        return Outcome.NO_VALUE;
    }
}
