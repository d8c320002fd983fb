package io.iiikafka.gateway.provided;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.Update;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams whose items are kept by workers (spec: stream.md section 4): calls of {@code stream::get} and the like go to the
 * worker that serves {@code stream::get(<name>)}, and what it answers to writes is told to the keeper, which makes the
 * events.
 */
public final class ProvidedStreams {

    private static final Logger LOG = LoggerFactory.getLogger(ProvidedStreams.class);

    private final EngineInvoker invoker;
    private final StreamRoom room;
    private final ProvidedSettings settings;
    private final Providers providers;
    private final ItemLocks locks;

    private ProvidedStreams(
            Vertx vertx, EngineInvoker invoker, Catalog catalog, StreamRoom room, ProvidedSettings settings) {
        this.invoker = invoker;
        this.room = room;
        this.settings = settings;
        this.providers = new Providers(vertx, catalog, settings.grace());
        this.locks = new ItemLocks(vertx, this::lock, 3 * settings.timeout().toMillis());
        catalog.listen(providers);
    }

    /** Puts itself in the way of the calls; before the gateway starts. */
    public static ProvidedStreams serve(
            Vertx vertx, EngineInvoker invoker, Catalog catalog, StreamRoom room, ProvidedSettings settings) {
        ProvidedStreams streams = new ProvidedStreams(vertx, invoker, catalog, room, settings);
        for (Operation operation : Operation.values()) {
            invoker.detour(operation.functionId(), (call, handler) -> streams.takes(operation, call, handler));
        }
        for (String function : List.of(StreamRoom.CLEAR, StreamRoom.TRANSACT)) {
            invoker.detour(function, streams::refuses);
        }
        invoker.detour(ProvidedList.FUNCTION, new ProvidedList(vertx, streams, invoker));
        return streams;
    }

    Providers providers() {
        return providers;
    }

    /** Whether a worker keeps the stream, or did until it was disconnected: whether it reads it, at least. */
    public boolean keeps(String stream) {
        return providers.knows(Operation.GET.of(stream)) || providers.knows(Operation.LIST.of(stream));
    }

    /** What a worker keeps cannot be changed several items at once. */
    private boolean refuses(Call call, OutcomeHandler handler) {
        String stream = streamOf(call);
        if (stream == null || !keeps(stream)) {
            return false;
        }
        handler.ended(Outcome.failure(
                ErrorCode.INVALID_ARGUMENTS,
                "A worker keeps stream '" + stream + "', so " + call.functionId()
                        + " is not there for it: change its items one by one."));
        return true;
    }

    private boolean takes(Operation operation, Call call, OutcomeHandler handler) {
        if (providers.isEmpty()) {
            return false;
        }
        String stream = streamOf(call);
        if (stream == null) {
            return false;
        }
        if (providers.knows(operation.of(stream))) {
            when(operation, stream, call, handler, () -> run(operation, stream, call));
            return true;
        }
        boolean readsAndWrites = operation == Operation.UPDATE
                && providers.knows(Operation.GET.of(stream))
                && providers.knows(Operation.SET.of(stream));
        if (readsAndWrites) {
            when(Operation.GET, stream, call, handler, () -> change(stream, call));
        }
        return readsAndWrites;
    }

    /** Null when the keeper is to say what is wrong with the input. */
    private static @Nullable String streamOf(Call call) {
        try {
            return Input.of(call).text("stream_name");
        } catch (Refusal refusal) {
            return null;
        }
    }

    /** Something that a worker is asked to do. */
    @FunctionalInterface
    private interface Work {

        /** @throws Refusal when the input does not fit */
        Future<Outcome> begin();
    }

    /** Begins as soon as the worker serves the function: at once, unless it was disconnected. */
    private void when(Operation needed, String stream, Call call, OutcomeHandler handler, Work work) {
        FunctionKey function = needed.of(stream);
        if (providers.serves(function)) {
            begin(work, handler);
            return;
        }
        providers.settled(function).onComplete(settled -> {
            if (providers.serves(function)) {
                begin(work, handler);
            } else if (providers.knows(function)) {
                handler.ended(unavailable(function).outcome());
            } else {
                KeeperFunction own = requireNonNull(invoker.keeperFunction(call.namespace(), call.functionId()));
                invoker.command(own, call, handler);
            }
        });
    }

    private Refusal unavailable(FunctionKey function) {
        return new Refusal(
                ErrorCode.STREAM_PROVIDER_UNAVAILABLE,
                "The worker that serves " + function.id() + " has been disconnected for "
                        + settings.grace().toMillis() + " ms; start it again. Nothing was changed.");
    }

    private static void begin(Work work, OutcomeHandler handler) {
        Future<Outcome> begun;
        try {
            begun = work.begin();
        } catch (Refusal refusal) {
            handler.ended(refusal.outcome());
            return;
        }
        begun.otherwise(ProvidedStreams::failed).onSuccess(handler::ended);
    }

    private static Outcome failed(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal.outcome();
        }
        LOG.error("A call of a stream that a worker keeps failed", failure);
        return Outcome.failure(ErrorCode.ENGINE_UNAVAILABLE, "The engine failed: " + failure.getMessage());
    }

    private Future<Outcome> run(Operation operation, String stream, Call call) {
        Input input = Input.of(call);
        WriteOptions.refuseUnknown(operation, input);
        JsonBuilder request = operation.request(input);
        switch (operation) {
            case SET -> request.member("data", input.require("data"));
            case UPDATE -> request.member("ops", OperationList.of(input).normal());
            case GET, LIST, LIST_GROUPS, DELETE -> {} // names say it all
        }
        Future<Outcome> answer = ask(operation.of(stream), request.build(), call);
        return operation.reads()
                ? answer.map(outcome -> read(operation, outcome))
                : answer.map(outcome -> WriteResult.of(operation, outcome))
                        .compose(result -> tell(input, call, result));
    }

    private static Outcome read(Operation operation, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success when success.value() == null || success.value().isNull() -> Outcome.NO_VALUE;
            case Outcome.Success success -> success;
            case Outcome.Failure failure
            when failure.error().code().equals(ErrorCode.INVOCATION_TIMEOUT.code()) ->
                Outcome.failure(operation.error(), operation.failed("timeout"));
            case Outcome.Failure failure -> failure;
        };
    }

    /** An update by reading and writing, for workers that know no updates. */
    private Future<Outcome> change(String stream, Call call) {
        Input input = Input.of(call);
        WriteOptions options = WriteOptions.of(input);
        OperationList operations = OperationList.of(input);
        RawJson item = Operation.GET.request(input).build();
        return locks.inTurn(input, System.currentTimeMillis() + settings.timeout().toMillis(), () ->
                ask(Operation.GET.of(stream), item, call).compose(outcome -> {
                    RawJson before = switch (outcome) {
                        case Outcome.Success success -> success.value();
                        case Outcome.Failure failure -> throw WriteResult.refusal(
                                Operation.UPDATE, "Failed to invoke function: " + failure.error().message());
                    };
                    JsonNode current = before == null || before.isNull() ? null : JsonTree.read(before);
                    options.check(current != null, input);
                    Update.Result result = Update.apply(current, operations.operations(), false);
                    JsonBuilder errors = JsonBuilder.array();
                    result.errors().forEach(error -> errors.element(error.toJson()));
                    if (options.allOrNothing() && !result.errors().isEmpty()) {
                        RawJson left = before == null ? RawJson.NULL : before;
                        return Future.succeededFuture(new Outcome.Success(
                                new WriteResult(left, left, errors.build()).reply().build()));
                    }
                    RawJson request = Operation.SET.request(input)
                            .member("data", JsonTree.write(result.value()))
                            .build();
                    return ask(Operation.SET.of(stream), request, call)
                            .map(written -> WriteResult.of(Operation.UPDATE, written))
                            .compose(written -> tell(input, call, new WriteResult(
                                    current == null ? null : before,
                                    written.now(),
                                    result.errors().isEmpty() ? null : errors.build())));
                }));
    }

    /** The event of a change is made before its caller hears of it. */
    private Future<Outcome> tell(Input input, Call call, WriteResult result) {
        String event = result.event();
        JsonBuilder reply = result.reply();
        if (event == null) {
            return Future.succeededFuture(new Outcome.Success(reply.build()));
        }
        JsonBuilder change = Operation.GET.request(input)
                .member("type", event)
                .member("data", result.now() == null ? result.old() : result.now());
        if (result.old() != null) {
            change.member("old_value", result.old());
        }
        boolean wantsOffset = input.flag("include_offset");
        return command(StreamRoom.PROVIDED, change.build(), call).map(outcome -> switch (outcome) {
            case Outcome.Success told -> {
                if (wantsOffset && told.value() != null) {
                    told.value().forEachMember(reply::member);
                }
                yield new Outcome.Success(reply.build());
            }
            case Outcome.Failure failure -> {
                LOG.atError()
                        .addKeyValue("code", failure.error().code())
                        .log("An item was changed by its worker, but nobody hears of it: {}", failure.error().message());
                yield new Outcome.Success(reply.build());
            }
        });
    }

    private Future<Outcome> lock(Input item, String token, long holdMs) {
        RawJson request = Operation.GET.request(item)
                .member("token", token)
                .member("hold_ms", holdMs)
                .build();
        return command(StreamRoom.LOCK, request, null);
    }

    private Future<Outcome> command(String part, RawJson data, @Nullable Call cause) {
        Promise<Outcome> promise = Promise.promise();
        KeeperFunction function = room.part(part);
        invoker.command(function, call(new FunctionKey(Call.DEFAULT_NAMESPACE, part), data, cause), promise::complete);
        return promise.future();
    }

    /** Asks a worker; the answer is a failure, at the latest, when its time is over. */
    Future<Outcome> ask(FunctionKey function, RawJson data, @Nullable Call cause) {
        Promise<Outcome> promise = Promise.promise();
        invoker.invoke(call(function, data, cause), promise::complete);
        return promise.future().compose(outcome -> wasGone(function, outcome)
                ? providers.settled(function).compose(settled -> providers.serves(function)
                        ? ask(function, data, cause)
                        : Future.failedFuture(unavailable(function)))
                : Future.succeededFuture(outcome));
    }

    /** The worker left while the call was on its way to it. */
    private boolean wasGone(FunctionKey function, Outcome outcome) {
        return outcome instanceof Outcome.Failure failure
                && failure.error().code().equals(ErrorCode.FUNCTION_NOT_FOUND.code())
                && !providers.serves(function);
    }

    private Call call(FunctionKey function, RawJson data, @Nullable Call cause) {
        return new Call(
                UUID.randomUUID().toString(),
                function.id(),
                function.namespace(),
                data,
                null,
                true,
                null,
                cause == null ? null : cause.traceparent(),
                cause == null ? null : cause.baggage(),
                System.currentTimeMillis() + settings.timeout().toMillis());
    }
}
