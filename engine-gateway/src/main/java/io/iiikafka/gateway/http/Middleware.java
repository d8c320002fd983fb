package io.iiikafka.gateway.http;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the middleware of one request, one after another (spec: http.md 12). Beyond the spec what one leaves in
 * {@code context} reaches those after it and the handler.
 */
final class Middleware {

    private static final Logger LOG = LoggerFactory.getLogger(Middleware.class);

    /**
     * One of them.
     *
     * @param strict whether an answer that is neither continue nor respond ends the request, instead of letting it pass
     */
    record Step(String functionId, boolean strict) {}

    private final Calls calls;
    private final Payload payload;
    private final DeadlineWheel deadlines;
    private final long limitMs;
    private @Nullable RawJson context;

    /** @param limitMs how long each may take */
    Middleware(Calls calls, Payload payload, DeadlineWheel deadlines, long limitMs) {
        this.calls = calls;
        this.payload = payload;
        this.deadlines = deadlines;
        this.limitMs = limitMs;
    }

    /** What has been left for the handler; null for nothing. */
    @Nullable RawJson context() {
        return context;
    }

    /** Completes when all let the request pass; fails with an {@link Answer} when one does not. */
    Future<Void> run(List<Step> steps) {
        Future<Void> passed = Future.succeededFuture();
        for (Step step : steps) {
            passed = passed.compose(nothing -> run(step));
        }
        return passed;
    }

    private Future<Void> run(Step step) {
        RawJson input = payload.forMiddleware(context == null ? RawJson.EMPTY_OBJECT : context);
        return inTime(calls.middleware(step.functionId(), input)).compose(value -> switch (Verdict.read(value)) {
            case Verdict.Continue further -> {
                merge(further.context());
                yield Future.succeededFuture();
            }
            case Verdict.Respond respond -> Future.failedFuture(new Answer(respond.reply()));
            case Verdict.Unclear unclear when step.strict() ->
                Future.failedFuture(new Answer(calls.failed(step.functionId(), neither(step.functionId()))));
            case Verdict.Unclear unclear -> {
                LOG.atWarn()
                        .addKeyValue("function", step.functionId())
                        .log("A middleware answered neither continue nor respond; the request passes");
                yield Future.succeededFuture();
            }
        });
    }

    private static ErrorBody neither(String function) {
        return new ErrorBody(
                "MIDDLEWARE_INVALID",
                "Middleware " + function + " answered neither {\"action\":\"continue\"} nor {\"action\":\"respond\"}");
    }

    /** The request's own deadline usually comes first; a route may have a later one. */
    private Future<@Nullable RawJson> inTime(Future<@Nullable RawJson> value) {
        Promise<@Nullable RawJson> first = Promise.promise();
        DeadlineWheel.Deadline limit =
                deadlines.start(limitMs, () -> first.tryFail(new Answer(ErrorReplies.MIDDLEWARE_TIMEOUT)));
        value.onComplete(done -> {
            limit.lift();
            if (done.succeeded()) {
                first.tryComplete(done.result());
            } else {
                first.tryFail(done.cause());
            }
        });
        return first.future();
    }

    private void merge(@Nullable RawJson more) {
        if (more != null && context != null) {
            ObjectNode merged = (ObjectNode) context.toTree();
            merged.setAll((ObjectNode) more.toTree());
            context = RawJson.ofValue(merged);
        } else if (more != null) {
            context = more;
        }
    }
}
