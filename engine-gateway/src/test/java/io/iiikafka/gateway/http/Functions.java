package io.iiikafka.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Functions as lambdas, in place of workers; tells on the caller's context, as the engine does. */
final class Functions implements Invoker {

    private final Map<String, Function<Call, Future<Outcome>>> functions = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    void put(String id, Function<Call, Future<Outcome>> function) {
        functions.put(id, function);
    }

    void remove(String id) {
        functions.remove(id);
    }

    void answer(String id, String json) {
        put(id, call -> Future.succeededFuture(new Outcome.Success(RawJson.of(json))));
    }

    void fail(String id, String code, String message) {
        put(id, call -> Future.succeededFuture(
                new Outcome.Failure(new io.iiikafka.sdk.protocol.ErrorBody(code, message, "at secret.js:1"))));
    }

    /** Calls of the function so far. */
    List<Call> calls(String id) {
        return calls.stream().filter(call -> call.functionId().equals(id)).toList();
    }

    /** Ids of all functions called so far, in order. */
    List<String> order() {
        return calls.stream().map(Call::functionId).toList();
    }

    static JsonNode data(Call call) {
        return call.data().toTree();
    }

    @Override
    public Future<Outcome> invoke(Call call) {
        calls.add(call);
        Function<Call, Future<Outcome>> function = functions.get(call.functionId());
        Future<Outcome> outcome = function == null || !call.namespace().equals("default")
                ? Future.succeededFuture(Outcome.failure(
                        ErrorCode.FUNCTION_NOT_FOUND,
                        "Function " + call.functionId() + " not found in namespace " + call.namespace()))
                : function.apply(call);
        Context context = Vertx.currentContext();
        Promise<Outcome> promise = Promise.promise();
        outcome.onComplete(done -> context.runOnContext(nothing -> promise.complete(done.result())));
        return promise.future();
    }

    @Override
    public void fire(Call call) {
        throw new UnsupportedOperationException("HTTP never fires");
    }
}
