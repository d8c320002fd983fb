package io.iiikafka.gateway.replay;

import java.util.List;
import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Asks the keeper about streams, past all detours. Any thread; futures succeed, with failures as outcomes. */
final class StreamKeeper {

    private static final long PATIENCE_MS = 30_000;

    private final Vertx vertx;
    private final EngineInvoker invoker;

    StreamKeeper(Vertx vertx, EngineInvoker invoker) {
        this.vertx = vertx;
        this.invoker = invoker;
    }

    /** The keeper's function of that id, which everybody can call. */
    KeeperFunction function(String id) {
        KeeperFunction function = invoker.keeperFunction(Call.DEFAULT_NAMESPACE, id);
        if (function == null) {
            throw new IllegalStateException("The keeper has no function " + id);
        }
        return function;
    }

    /**
     * @param cause whose trace it belongs to; null: none
     */
    Future<Outcome> ask(KeeperFunction function, RawJson data, @Nullable Call cause) {
        return ask(function, data, cause, PATIENCE_MS);
    }

    private Future<Outcome> ask(KeeperFunction function, RawJson data, @Nullable Call cause, long patienceMs) {
        Promise<Outcome> promise = Promise.promise();
        Call call = new Call(
                UUID.randomUUID().toString(),
                function.id(),
                Call.DEFAULT_NAMESPACE,
                data,
                null,
                true,
                cause == null ? null : cause.callerWorkerId(),
                cause == null ? null : cause.traceparent(),
                cause == null ? null : cause.baggage(),
                System.currentTimeMillis() + patienceMs);
        invoker.command(function, call, promise::complete);
        return promise.future();
    }

    /** Waits for what the function answers, but not longer; ends in any case. */
    Future<Outcome> await(KeeperFunction function, RawJson data, long patienceMs) {
        Promise<Outcome> promise = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, patienceMs), passed -> promise.tryComplete(
                Outcome.failure(ErrorCode.INVOCATION_TIMEOUT, "Nothing came within " + patienceMs + " ms.")));
        ask(function, data, null, patienceMs).onSuccess(promise::tryComplete);
        return promise.future().onComplete(ended -> vertx.cancelTimer(timer));
    }

    /** The value that the function answers, null where it has none; fails with {@link Failed}. */
    Future<@Nullable RawJson> find(KeeperFunction function, RawJson data, @Nullable Call cause) {
        return ask(function, data, cause).compose(outcome -> switch (outcome) {
            case Outcome.Success success -> Future.succeededFuture(success.value());
            case Outcome.Failure failure -> Future.failedFuture(new Failed(failure));
        });
    }

    /** As {@link #find}, of a function that always answers a value. */
    Future<RawJson> value(KeeperFunction function, RawJson data, @Nullable Call cause) {
        return find(function, data, cause).map(value -> value == null ? RawJson.NULL : value);
    }

    /** Ends when the first of the calls is answered, or the time is over. */
    Future<@Nullable Void> first(KeeperFunction function, List<RawJson> requests, long patienceMs) {
        Promise<@Nullable Void> promise = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, patienceMs), passed -> promise.tryComplete());
        requests.forEach(request -> ask(function, request, null, patienceMs).onSuccess(outcome -> {
            if (outcome instanceof Outcome.Success) {
                promise.tryComplete();
            }
        }));
        return promise.future().onComplete(ended -> vertx.cancelTimer(timer));
    }

    /** The keeper refused, or could not be reached. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Outcome.Failure outcome;

        Failed(Outcome.Failure outcome) {
            super(outcome.error().message(), null, false, false);
            this.outcome = outcome;
        }
    }

    /** What the keeper said is what the caller gets. */
    static Future<Outcome> refused(Throwable failure) {
        return switch (failure) {
            case Failed failed -> Future.succeededFuture(failed.outcome);
            case Refusal refusal -> Future.succeededFuture(refusal.outcome());
            default -> Future.failedFuture(failure);
        };
    }
}
