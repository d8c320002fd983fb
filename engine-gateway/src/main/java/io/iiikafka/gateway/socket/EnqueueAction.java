package io.iiikafka.gateway.socket;

import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** What becomes of calls with the action {@code enqueue} (spec: queue.md section 5). */
@FunctionalInterface
public interface EnqueueAction {

    /** Of an engine without queues. */
    EnqueueAction NONE = (wish, handler) -> handler.ended(Outcome.failure(
            ErrorCode.ENQUEUE_ERROR,
            "No queue provider is installed. `TriggerAction::Enqueue` routes through the `engine::queue::enqueue`"
                    + " provider, which the standalone queue worker registers. Add it with `iii worker add queue`."));

    /**
     * What a caller wants.
     *
     * @param action the whole action, where it has more than the queue's name; else null
     * @param answered whether the caller hears of the outcome
     * @param deadlineMs epoch milliseconds, until when the caller can wait
     */
    record Wish(
            String queue,
            @Nullable RawJson action,
            String functionId,
            String namespace,
            @Nullable RawJson data,
            @Nullable RawJson metadata,
            @Nullable String traceparent,
            @Nullable String baggage,
            boolean answered,
            long deadlineMs) {}

    /** Never blocks; the handler is told once, on any thread, of the receipt or of why there is none. */
    void enqueue(Wish wish, OutcomeHandler handler);
}
