package io.iiikafka.gateway.queue;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.job.Handovers;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.ErrorLimit;
import io.iiikafka.topology.record.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves jobs that were read from a queue's topic to the keeper. What is told of one job stays in order; it is kept when
 * Kafka has it. Any thread.
 */
final class KeeperDoor {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperDoor.class);
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long PATIENCE_MS = 60_000;

    /** Codes by which the engine says that a call was not run, or its worker was lost: no attempt counts. */
    private static final Set<String> NOT_MADE = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(),
            ErrorCode.OVERLOADED.code(),
            ErrorCode.ENGINE_UNAVAILABLE.code(),
            ErrorCode.INVOCATION_STOPPED.code());

    private final EngineInvoker invoker;
    private final QueueRoom room;

    KeeperDoor(EngineInvoker invoker, QueueRoom room) {
        this.invoker = invoker;
        this.room = room;
    }

    /**
     * Which job it is.
     *
     * @param call as it was made; its id is the receipt
     * @param once the same for the same record, however often it is read
     * @param enqueuedMs when it was enqueued, in epoch milliseconds; positive
     */
    record Kept(String queue, Call call, String once, long enqueuedMs) {

        JsonBuilder name() {
            return name(call.invocationId());
        }

        private JsonBuilder name(String receipt) {
            return JsonBuilder.object()
                    .member("queue", queue)
                    .member("messageReceiptId", receipt)
                    .member("once", once)
                    .member("known", true);
        }

        RawJson whole(JsonBuilder more) {
            more.member("enqueued_at", enqueuedMs)
                    .member("function_id", call.functionId())
                    .member("namespace", call.namespace())
                    .member("traceparent", call.traceparent())
                    .member("baggage", call.baggage());
            if (call.metadata() != null) {
                more.member("metadata", call.metadata());
            }
            return more.member("data", call.data() == null ? RawJson.NULL : call.data()).build();
        }

        /** A dead letter that says where its value is; names that anybody may have written are not longer than they may be. */
        RawJson withoutValue(ErrorBody why, int made) {
            ErrorBody error = ErrorCode.PAYLOAD_TOO_LARGE.body(
                    "The job of " + once + " cannot be kept, its value is in the topic only: " + why.message());
            return tried(name(ErrorLimit.beginning(call.invocationId())), error, made)
                    .member("last", true)
                    .member("enqueued_at", enqueuedMs)
                    .member("function_id", ErrorLimit.beginning(call.functionId()))
                    .member("namespace", ErrorLimit.beginning(call.namespace()))
                    .member("data", RawJson.NULL)
                    .build();
        }
    }

    /** The keeper repeats it, or lays it aside. */
    void failed(Kept job, ErrorBody error, Runnable taken) {
        leave(job, job.name().member("delivered", true), error, made(error), taken);
    }

    /** The keeper runs it; the error says why this gateway did not. */
    void notRun(Kept job, ErrorBody error, Runnable taken) {
        leave(job, job.name(), error, made(error), taken);
    }

    /** It is not to be tried at all. */
    void buried(Kept job, ErrorBody error, Runnable taken) {
        leave(job, job.name().member("last", true), error, 0, taken);
    }

    /** What is too large for Kafka, as it cannot be repeated, is laid aside without what makes it so. */
    private void leave(Kept job, JsonBuilder name, ErrorBody error, int made, Runnable taken) {
        RawJson whole = job.whole(tried(name, error, made));
        tell(room.failed(), whole, why -> job.withoutValue(why, made), 0, taken);
    }

    /** A job that was lent is over. */
    void returned(Kept job, Outcome outcome) {
        JsonBuilder name = job.name().member("delivered", true);
        RawJson told = outcome instanceof Outcome.Failure failure
                ? tried(name, failure.error(), made(failure.error())).build()
                : name.build();
        tell(room.returned(), told, why -> told, 0, () -> {});
    }

    private static int made(ErrorBody error) {
        return NOT_MADE.contains(error.code()) ? 0 : 1;
    }

    private static JsonBuilder tried(JsonBuilder job, ErrorBody error, int made) {
        return job.member("made", made).member("error", RawJson.ofValue(ErrorLimit.bounded(error)));
    }

    /** This gateway goes on with it; {@code kept} hears whether Kafka has that. */
    void lend(Kept job, Consumer<Boolean> kept) {
        RawJson told = job.whole(job.name().member("lease_ms", Handovers.LEASE_MS));
        invoker.handOver(room.lent(), call(room.lent(), told), outcome -> kept.accept(outcome instanceof Outcome.Success));
    }

    /** It is still under way. */
    void lendAgain(Kept job) {
        RawJson told = job.name().member("lease_ms", Handovers.LEASE_MS).member("again", true).build();
        invoker.handOver(room.lent(), call(room.lent(), told), nobody -> {});
    }

    /**
     * Asks until when its handler has asked elsewhere that it may go on.
     *
     * @param untilMs hears it, in epoch milliseconds; 0: it did not
     * @param unknown told when the keeper does not say it now
     */
    void askUntil(Kept job, LongConsumer untilMs, Runnable unknown) {
        Call call = call(room.lent(), job.name().member("until", true).build(), true);
        invoker.command(room.lent(), call, outcome -> {
            switch (outcome) {
                case Outcome.Success success ->
                    untilMs.accept(success.value() == null ? 0 : Long.parseLong(success.value().toString()));
                case Outcome.Failure failure -> unknown.run();
            }
        });
    }

    /** @param shorter what is told when Kafka does not take what is so large */
    private void tell(
            KeeperFunction function, RawJson told, Function<ErrorBody, RawJson> shorter, int before, Runnable taken) {
        invoker.handOver(function, call(function, told), outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                LOG.atWarn()
                        .addKeyValue("function", function.id())
                        .addKeyValue("code", failure.error().code())
                        .log("A job could not be left to the keeper, which is tried again: {}", failure.error().message());
                long pause = Math.min(FIRST_PAUSE_MS << Math.min(before, 10), LONGEST_PAUSE_MS);
                boolean tooLarge = failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code());
                RawJson next = tooLarge ? shorter.apply(failure.error()) : told;
                CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS)
                        .execute(() -> tell(function, next, shorter, before + 1, taken));
            } else {
                taken.run();
            }
        });
    }

    private static Call call(KeeperFunction function, RawJson data) {
        return call(function, data, false);
    }

    private static Call call(KeeperFunction function, RawJson data, boolean reply) {
        return new Call(
                UUID.randomUUID().toString(),
                function.id(),
                Call.DEFAULT_NAMESPACE,
                data,
                null,
                reply,
                null,
                null,
                null,
                System.currentTimeMillis() + PATIENCE_MS);
    }
}
