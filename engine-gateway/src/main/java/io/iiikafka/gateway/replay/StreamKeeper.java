package io.iiikafka.gateway.replay;

import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
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
}
