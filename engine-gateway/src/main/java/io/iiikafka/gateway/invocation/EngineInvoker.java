package io.iiikafka.gateway.invocation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.iiikafka.gateway.catalog.CatalogReader;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's {@link Invoker}: engine functions are answered here, everything else goes through Kafka, to the keeper or
 * to a worker.
 */
public final class EngineInvoker implements Invoker {

    private static final Logger LOG = LoggerFactory.getLogger(EngineInvoker.class);

    private final Map<String, EngineFunction> engineFunctions = new ConcurrentHashMap<>();
    private final CallPath path;
    private final KeeperCalls keeper;
    private final Catalog catalog;
    private final CatalogReader reader;
    private final VanishedFunctions vanished;
    private final BuiltinSpans spans;
    private final Vertx vertx;

    EngineInvoker(
            Vertx vertx,
            CallPath path,
            KeeperCalls keeper,
            Catalog catalog,
            CatalogReader reader,
            VanishedFunctions vanished,
            BuiltinSpans spans) {
        this.vertx = vertx;
        this.spans = spans;
        this.path = path;
        this.keeper = keeper;
        this.catalog = catalog;
        this.reader = reader;
        this.vanished = vanished;
    }

    /** Adds a function of the engine's own. */
    public void serve(EngineFunction function) {
        engineFunctions.put(function.id(), function);
    }

    /** The engine's own function of that name, if there is one. */
    public @Nullable EngineFunction engineFunction(String namespace, String functionId) {
        return namespace.equals(Call.DEFAULT_NAMESPACE) ? engineFunctions.get(functionId) : null;
    }

    /** Adds a function that the keeper runs. */
    public void serve(KeeperFunction function) {
        keeper.serve(function);
    }

    /** Over how many partitions the keeper's data is spread. */
    public int keeperPartitions() {
        return keeper.partitions();
    }

    /** Lets the detour take calls of that function of the keeper's. */
    public void detour(String functionId, Detour detour) {
        keeper.detour(functionId, detour);
    }

    /** Has the keeper run the function, which may be one that nobody else can call, without detours; any thread. */
    public void command(KeeperFunction function, Call call, OutcomeHandler handler) {
        keeper.send(function, call, handler);
    }

    /**
     * Leaves the call to the keeper, which will run it whatever happens: what it answers nobody hears.
     *
     * @param taken told, on any thread, as soon as Kafka has the call, with no value, or that it does not get it
     */
    public void handOver(KeeperFunction function, Call call, OutcomeHandler taken) {
        keeper.handOver(function, call, taken);
    }

    /** The keeper's function of that name, if there is one. */
    public @Nullable KeeperFunction keeperFunction(String namespace, String functionId) {
        return keeper.find(namespace, functionId);
    }

    /** Whether the function is the engine's own, or the keeper's. */
    boolean runs(FunctionKey function) {
        String namespace = EverywhereFunctions.has(function.id()) ? Call.DEFAULT_NAMESPACE : function.namespace();
        return engineFunction(namespace, function.id()) != null || keeperFunction(namespace, function.id()) != null;
    }

    public Iterable<KeeperFunction> keeperFunctions() {
        return keeper.all();
    }

    public Iterable<EngineFunction> engineFunctions() {
        return engineFunctions.values();
    }

    @Override
    public Future<Outcome> invoke(Call call) {
        Promise<Outcome> promise = Promise.promise();
        invoke(call, onContext(promise));
        return promise.future();
    }

    /** Has the keeper run a function, which may be one that nobody else can call, on the partition that owns the key. */
    public Future<Outcome> command(Call call, String owner) {
        Promise<Outcome> promise = Promise.promise();
        keeper.send(call, new Placement.Owner(owner), onContext(promise));
        return promise.future();
    }

    /** A task that was handed to an event loop has no context, but what follows belongs on that loop all the same. */
    private OutcomeHandler onContext(Promise<Outcome> promise) {
        Context context = Context.isOnEventLoopThread() ? vertx.getOrCreateContext() : Vertx.currentContext();
        return outcome -> {
            if (context == null) {
                promise.complete(outcome);
            } else {
                context.runOnContext(nothing -> promise.complete(outcome));
            }
        };
    }

    /** As {@link #invoke(Call)}; the handler is told on any thread. */
    public void invoke(Call asked, OutcomeHandler handler) {
        invoke(asked, handler, null);
    }

    /**
     * As {@link #invoke(Call, OutcomeHandler)}, for who may give a worker more time than the call's deadline says.
     *
     * @param waits whether the outcome is still waited for: asked, on any thread, until it is there or false; null: until the
     *     deadline
     */
    public void invoke(Call asked, OutcomeHandler handler, @Nullable BooleanSupplier waits) {
        Call call = meant(asked);
        EngineFunction own = engineFunction(call.namespace(), call.functionId());
        if (own != null) {
            answer(own, call, handler);
            return;
        }
        KeeperFunction kept = keeperFunction(call.namespace(), call.functionId());
        if (kept != null) {
            keeper.call(kept, spans.traced(call), spans.around(call, handler));
            return;
        }
        OutcomeHandler first = outcome -> {
            if (isNotFound(outcome)) {
                secondLook(call, outcome, handler, waits);
            } else {
                handler.ended(outcome);
            }
        };
        path.send(call, null, first, waits);
    }

    @Override
    public void fire(Call call) {
        fire(call, nobody -> {});
    }

    /** As {@link #fire(Call)}; {@code lost} is told, on any thread, when Kafka does not get the call. */
    public void fire(Call asked, OutcomeHandler lost) {
        Call call = meant(asked);
        EngineFunction own = engineFunction(call.namespace(), call.functionId());
        if (own != null) {
            answer(own, call, nobody -> {});
            return;
        }
        KeeperFunction kept = keeperFunction(call.namespace(), call.functionId());
        if (kept != null) {
            spans.ofVoid(call);
            keeper.fire(kept, spans.traced(call), lost);
        } else {
            path.fire(call, null, lost);
        }
    }

    /** Logs that a worker's call for which nobody waits was refused, as those that {@link #fire} loses. */
    public void refused(String functionId, String caller, ErrorBody why) {
        path.refused(functionId, caller, why);
    }

    /** Some functions of the engine's own are there in every namespace that has none of the same id. */
    private Call meant(Call call) {
        if (call.namespace().equals(Call.DEFAULT_NAMESPACE)
                || !EverywhereFunctions.has(call.functionId())
                || catalog.serves(new FunctionKey(call.namespace(), call.functionId()))) {
            return call;
        }
        return runs(new FunctionKey(Call.DEFAULT_NAMESPACE, call.functionId())) ? EverywhereFunctions.meant(call) : call;
    }

    private void answer(EngineFunction own, Call call, OutcomeHandler handler) {
        call(own, spans.traced(call)).onSuccess(spans.around(call, handler)::ended);
    }

    private static Future<Outcome> call(EngineFunction function, Call call) {
        Future<Outcome> answered;
        try {
            answered = function.call(call);
        } catch (RuntimeException e) {
            answered = Future.failedFuture(e);
        }
        return answered.otherwise(failure -> {
            LOG.error("{} failed", function.id(), failure);
            return Outcome.failure(ErrorCode.ENGINE_UNAVAILABLE, function.id() + " failed: " + failure.getMessage());
        });
    }

    private static boolean isNotFound(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure
                && failure.error().code().equals(ErrorCode.FUNCTION_NOT_FOUND.code());
    }

    /**
     * The router knew no worker for the function. It may have been registered on another gateway a moment ago, or its
     * worker may be reconnecting; the call was not run, so it may be sent again.
     */
    private void secondLook(
            Call call, Outcome notFound, OutcomeHandler handler, @Nullable BooleanSupplier waits) {
        FunctionKey function = new FunctionKey(call.namespace(), call.functionId());
        reader.refresh().compose(nothing -> vanished.back(function)).onComplete(looked -> {
            if (looked.succeeded() && looked.result() && catalog.serves(function)) {
                path.send(call, null, handler, waits);
            } else {
                handler.ended(notFound);
            }
        });
    }
}
