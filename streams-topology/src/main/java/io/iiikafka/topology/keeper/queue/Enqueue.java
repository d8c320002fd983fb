package io.iiikafka.topology.keeper.queue;

import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Terms;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine::queue::enqueue}, which serves the enqueue action (spec: queue.md 4.10): keeps the job and gives
 * {@code {"messageReceiptId":"…"}}.
 */
final class Enqueue extends QueueFunction {

    private static final Set<String> MEMBERS = Set.of(
            "queue",
            "function_id",
            "data",
            "messageReceiptId",
            "traceparent",
            "baggage",
            "namespace",
            "metadata",
            "options",
            "_caller_worker_id");

    Enqueue() {
        super(
                "engine::queue::enqueue",
                "Keep a job of a named queue until its function has run",
                QueueSchemas.ENQUEUE,
                QueueSchemas.RECEIPT);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        input.only(MEMBERS);
        String queue = input.text("queue");
        String function = input.text("function_id");
        String receipt = input.text("messageReceiptId");
        for (List<String> each : List.of(
                List.of("queue", queue), List.of("function_id", function), List.of("messageReceiptId", receipt))) {
            if (each.getLast().isEmpty()) {
                throw new Refusal(ErrorCode.ENQUEUE_ERROR, each.getFirst() + " is required");
            }
        }
        String namespace = input.optionalText("namespace");
        Call call = new Call(
                receipt,
                function,
                namespace == null || namespace.isBlank() ? Call.DEFAULT_NAMESPACE : namespace,
                input.require("data"),
                presentOrNull(input.find("metadata")),
                false,
                null,
                input.optionalText("traceparent"),
                input.optionalText("baggage"),
                0);
        RawJson options = presentOrNull(input.find("options"));
        String kept = keep(queue, call, options == null ? null : input.object("options", options), work);
        return new Outcome.Success(JsonBuilder.object().member("messageReceiptId", kept).build());
    }

    static @Nullable RawJson presentOrNull(
            @Nullable RawJson value) {
        return value == null || value.isNull() ? null : value;
    }

    /** Makes the call a job of the queue; gives its receipt. */
    static String keep(String queue, Call call, @Nullable Input given, QueueWork work) {
        String key = EntryKey.queue(queue);
        QueueSettings settings = work.agreements().find(key);
        if (settings == null) {
            throw new Refusal(
                    ErrorCode.ENQUEUE_ERROR,
                    "queue '" + queue + "' is not defined; call queue::define before enqueueing");
        }
        RawJson data = call.data() == null ? RawJson.NULL : call.data();
        Options options = Options.of(given, settings, data, work.nowMs());
        String lane = Group.of(queue, settings, options.group(), data);
        Terms terms = new Terms.Agreed(
                key, lane, options.priority(), options.notBeforeMs(), options.expiresMs(), options.overrides());
        work.jobs().take(call, null, terms, work.nowMs());
        return call.invocationId();
    }
}
