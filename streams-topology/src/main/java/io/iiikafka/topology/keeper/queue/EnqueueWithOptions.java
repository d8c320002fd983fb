package io.iiikafka.topology.keeper.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code iii::queue::enqueue}: {@code {"queue","function_id","data","options"}} →
 * {@code {"messageReceiptId":"…","deduplicated":false}} (spec: queue.md 12.1).
 */
final class EnqueueWithOptions extends QueueFunction {

    EnqueueWithOptions() {
        super(
                "iii::queue::enqueue",
                "Keep a job of a named queue, with options of its own",
                QueueSchemas.ENQUEUE_OPTIONS,
                QueueSchemas.RECEIPT);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String queue = input.text("queue");
        String function = input.text("function_id");
        if (queue.isEmpty() || function.isEmpty()) {
            throw new Refusal(ErrorCode.ENQUEUE_ERROR, (queue.isEmpty() ? "queue" : "function_id") + " is required");
        }
        Call cause = work.command().call();
        String namespace = input.optionalText("namespace");
        String position = cause.invocationId() + '/' + work.command().position();
        Call call = new Call(
                UUID.nameUUIDFromBytes(position.getBytes(UTF_8)).toString(),
                function,
                namespace == null || namespace.isBlank() ? Call.DEFAULT_NAMESPACE : namespace,
                input.require("data"),
                Enqueue.presentOrNull(input.find("metadata")),
                false,
                null,
                cause.traceparent(),
                cause.baggage(),
                0);
        RawJson options = Enqueue.presentOrNull(input.find("options"));
        Jobs.Receipt receipt =
                Enqueue.keep(queue, call, options == null ? null : input.object("options", options), work);
        return new Outcome.Success(JsonBuilder.object()
                .member("messageReceiptId", receipt.id())
                .member("deduplicated", receipt.deduplicated())
                .build());
    }
}
