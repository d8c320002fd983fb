package io.iiikafka.gateway.queue;

import java.util.UUID;
import java.util.function.Supplier;

import io.iiikafka.gateway.invocation.Baggage;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.gateway.socket.EnqueueAction;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.queue.Group;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The enqueue action (spec: queue.md section 5): the job is checked here, against the catalog, and acknowledged when all
 * replicas have it; the keeper makes it run. Only where options decide what the receipt is does the caller wait for the
 * keeper.
 */
final class Enqueuer implements EnqueueAction {

    private static final String ENQUEUE = "engine::queue::enqueue";

    private final NamedQueues queues;
    private final ShareQueues shares;
    private final EngineInvoker invoker;
    private final Supplier<Future<Void>> refresh;
    private final EnqueueSpans spans;

    /** @param refresh has the catalog read to its present end */
    Enqueuer(NamedQueues queues, ShareQueues shares, EngineInvoker invoker, Supplier<Future<Void>> refresh, Tracing tracing) {
        this.queues = queues;
        this.shares = shares;
        this.invoker = invoker;
        this.refresh = refresh;
        this.spans = new EnqueueSpans(tracing);
    }

    @Override
    public void enqueue(Wish wish, OutcomeHandler handler) {
        EnqueueSpans.Begun span = spans.begin(wish);
        OutcomeHandler told = span.around(handler);
        QueueSettings settings = queues.find(wish.queue());
        if (settings != null) {
            keep(wish, settings, span.traceparent(), told);
            return;
        }
        refresh.get().onComplete(looked -> { // it may have been defined on another gateway a moment ago
            QueueSettings found = queues.find(wish.queue());
            if (found == null) {
                told.ended(refused("Queue '" + wish.queue() + "' not found"));
            } else {
                keep(wish, found, span.traceparent(), told);
            }
        });
    }

    private void keep(Wish wish, QueueSettings settings, @Nullable String traceparent, OutcomeHandler handler) {
        EnqueueOptions options = EnqueueOptions.of(wish.action(), wish.metadata());
        boolean plain = options.given() == null;
        ShareQueue share = plain && settings.share() != null ? shares.find(wish.queue()) : null;
        RawJson data = wish.data() == null ? RawJson.NULL : wish.data();
        if (share != null && ShareQueue.takes(settings, data)) {
            Call job = job(wish, options, traceparent);
            share.enqueue(job, outcome -> handler.ended(receipt(outcome, job.invocationId(), false)));
            return;
        }
        if (plain) { // what comes with options the keeper checks
            try {
                Group.of(wish.queue(), settings, null, data);
            } catch (Refusal refusal) {
                handler.ended(refusal.outcome());
                return;
            }
        }
        String receipt = UUID.randomUUID().toString();
        KeeperFunction keeper = invoker.keeperFunction(Call.DEFAULT_NAMESPACE, ENQUEUE);
        boolean acknowledged = keeper != null && (!wish.answered() || plain && settings.dedupField() == null);
        Call call = new Call(
                UUID.randomUUID().toString(),
                ENQUEUE,
                Call.DEFAULT_NAMESPACE,
                job(wish, options, receipt, traceparent),
                null,
                !acknowledged,
                null,
                traceparent,
                wish.baggage(),
                wish.deadlineMs());
        if (keeper == null || !acknowledged) {
            invoker.invoke(call, outcome -> handler.ended(receipt(outcome, receipt, keeper != null)));
        } else {
            invoker.handOver(keeper, call, outcome -> handler.ended(receipt(outcome, receipt, false)));
        }
    }

    /** As a record of the queue's topic has it. */
    private static Call job(Wish wish, EnqueueOptions options, @Nullable String traceparent) {
        return new Call(
                UUID.randomUUID().toString(),
                wish.functionId(),
                wish.namespace(),
                wish.data(),
                options.metadata(),
                false,
                null,
                traceparent,
                Baggage.forCallee("", wish.baggage(), wish.functionId()),
                0);
    }

    private static RawJson job(Wish wish, EnqueueOptions options, String receipt, @Nullable String traceparent) {
        RawJson data = wish.data();
        JsonBuilder job = JsonBuilder.object(data == null ? 0 : data.length() + 512)
                .member("queue", wish.queue())
                .member("function_id", wish.functionId())
                .member("messageReceiptId", receipt)
                .member("data", data)
                .member("traceparent", traceparent)
                .member("baggage", Baggage.forCallee("", wish.baggage(), wish.functionId()));
        if (!wish.namespace().equals(Call.DEFAULT_NAMESPACE)) {
            job.member("namespace", wish.namespace());
        }
        if (options.metadata() != null) {
            job.member("metadata", options.metadata());
        }
        if (options.given() != null) {
            job.member("options", options.given());
        }
        return job.build();
    }

    /** @param theirs whether what was answered is the receipt: it may be that of an earlier job */
    private static Outcome receipt(Outcome outcome, String receipt, boolean theirs) {
        return switch (outcome) {
            case Outcome.Success kept when theirs && kept.value() != null -> kept;
            case Outcome.Success kept ->
                new Outcome.Success(RawJson.of("{\"messageReceiptId\":\"" + receipt + "\"}"));
            case Outcome.Failure failure when failure.error().code().equals(ErrorCode.ENQUEUE_ERROR.code()) -> failure;
            case Outcome.Failure failure -> refused(failure.error().code() + ": " + failure.error().message());
        };
    }

    private static Outcome refused(String why) {
        return Outcome.failure(ErrorCode.ENQUEUE_ERROR, why);
    }
}
