package io.iiikafka.topology.keeper.queue;

import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Jobs;
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
        Jobs.Receipt kept = keep(queue, call, options == null ? null : input.object("options", options), work);
        JsonBuilder answer = JsonBuilder.object().member("messageReceiptId", kept.id());
        return new Outcome.Success((kept.deduplicated() ? answer.member("deduplicated", true) : answer).build());
    }

    static @Nullable RawJson presentOrNull(
            @Nullable RawJson value) {
        return value == null || value.isNull() ? null : value;
    }

    /** Makes the call a job of the queue; gives its receipt. */
    static Jobs.Receipt keep(String queue, Call call, @Nullable Input given, QueueWork work) {
        String key = EntryKey.queue(queue);
        QueueSettings settings = work.agreements().find(key);
        boolean acknowledged = !work.command().call().reply();
        if (settings == null && acknowledged) {
            settings = QueueSettings.DEFAULT; // the gateway knew the queue: the job waits until it is known here, too
        }
        if (settings == null) {
            throw new Refusal(
                    ErrorCode.ENQUEUE_ERROR,
                    "queue '" + queue + "' is not defined; call queue::define before enqueueing");
        }
        RawJson data = call.data() == null ? RawJson.NULL : call.data();
        Options options = Options.of(given, settings, data, work.nowMs());
        String lane = lane(queue, settings, options, data, acknowledged);
        Terms terms = new Terms.Agreed(
                key, lane, options.priority(), options.notBeforeMs(), options.expiresMs(), options.overrides());
        return work.jobs().take(call, null, terms, options.dedup(), work.nowMs());
    }

    /** A job that its producer believes to be kept is kept: with those whose group is not known, either. */
    private static @Nullable String lane(
            String queue, QueueSettings settings, Options options, RawJson data, boolean acknowledged) {
        try {
            return Group.of(queue, settings, options.group(), data);
        } catch (Refusal refusal) {
            if (acknowledged) {
                return "";
            }
            throw refusal;
        }
    }
}
