package io.iiikafka.gateway.http;

import java.util.UUID;

import io.iiikafka.gateway.http.route.Route;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that one request leads to: all in the route's namespace, in the request's trace, until its deadline. */
final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final Invoker invoker;
    private final Route route;
    private final RequestTracing.Trace trace;
    private final long deadlineMs;
    private final boolean hideErrors;

    /** @param hideErrors whether clients are kept from messages of errors */
    Calls(Invoker invoker, Route route, RequestTracing.Trace trace, long deadlineMs, boolean hideErrors) {
        this.invoker = invoker;
        this.route = route;
        this.trace = trace;
        this.deadlineMs = deadlineMs;
        this.hideErrors = hideErrors;
    }

    Future<Outcome> handler(RawJson payload) {
        return invoker.invoke(call(route.functionId(), route.namespace(), payload, route.binding().metadata()));
    }

    /** Gives the function's value, or fails with the response to its error. */
    Future<@Nullable RawJson> condition(String functionId, RawJson payload) {
        return ask(functionId, route.namespace(), payload).compose(outcome -> value(functionId, outcome));
    }

    /** As {@link #condition}; what is not in the route's namespace is looked for in {@code default}. */
    Future<@Nullable RawJson> middleware(String functionId, RawJson payload) {
        return ask(functionId, route.namespace(), payload)
                .compose(outcome -> isMissing(outcome) && !route.namespace().equals(Call.DEFAULT_NAMESPACE)
                        ? ask(functionId, Call.DEFAULT_NAMESPACE, payload)
                        : Future.succeededFuture(outcome))
                .compose(outcome -> value(functionId, outcome));
    }

    private Future<Outcome> ask(String functionId, String namespace, RawJson payload) {
        return invoker.invoke(call(functionId, namespace, payload, null));
    }

    private Call call(String functionId, String namespace, RawJson payload, @Nullable RawJson metadata) {
        return new Call(
                UUID.randomUUID().toString(),
                functionId,
                namespace,
                payload,
                metadata,
                true,
                null,
                trace.traceparent(),
                trace.baggage(),
                deadlineMs);
    }

    private static boolean isMissing(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure
                && failure.error().code().equals(ErrorCode.FUNCTION_NOT_FOUND.code());
    }

    private Future<@Nullable RawJson> value(String functionId, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success -> Future.succeededFuture(success.value());
            case Outcome.Failure failure -> Future.failedFuture(new Answer(failed(functionId, failure.error())));
        };
    }

    /** The response to a function's error. */
    Reply failed(String functionId, ErrorBody error) {
        if (error.code().equals(ErrorCode.INVOCATION_TIMEOUT.code()) && System.currentTimeMillis() >= deadlineMs) {
            return ErrorReplies.TIMEOUT;
        }
        String errorId = ErrorReplies.newErrorId();
        LOG.atWarn()
                .addKeyValue("error_id", errorId)
                .addKeyValue("function", functionId)
                .addKeyValue("code", error.code())
                .log("{} is answered 500: {}", route, error.message());
        if (error.stacktrace() != null) {
            LOG.atDebug().addKeyValue("error_id", errorId).log("{}", error.stacktrace());
        }
        return ErrorReplies.failed(
                hideErrors ? new ErrorBody(error.code(), ErrorReplies.INTERNAL) : error, errorId);
    }
}
