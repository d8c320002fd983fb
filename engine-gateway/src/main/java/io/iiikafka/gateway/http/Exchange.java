package io.iiikafka.gateway.http;

import io.iiikafka.gateway.http.route.Match;
import io.iiikafka.gateway.http.route.Route;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through its route: middleware, body, condition, middleware, handler, response (spec: http.md 5,
 * steps 5 to 11). Holds a request slot until the head of the response is decided. Confined to the request's event loop.
 */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final HttpServices services;
    private final HttpRules rules;
    private final HttpServerRequest request;
    private final Route route;
    private final RequestTracing.Trace trace;
    private final Payload payload;
    private final RequestBody body;
    private final Calls calls;
    private final Middleware middleware;
    private final DeadlineWheel.Deadline deadline;
    private boolean decided;

    Exchange(
            HttpServices services,
            HttpRules rules,
            DeadlineWheel deadlines,
            HttpServerRequest request,
            Match.Found match) {
        this.services = services;
        this.rules = rules;
        this.request = request;
        this.route = match.route();
        this.trace = services.tracing().begin(request, route);
        this.payload = new Payload(request, match, rules.config().trustProxy());
        this.body = new RequestBody(request, rules, services.limits());
        long timeoutMs = route.timeoutMs().orElse(rules.config().defaultTimeout().toMillis());
        this.calls = new Calls(services.invoker(), route, trace, System.currentTimeMillis() + timeoutMs);
        this.middleware = new Middleware(calls, payload);
        this.deadline = deadlines.start(timeoutMs, () -> answer(ErrorReplies.TIMEOUT));
    }

    void run() {
        request.response().closeHandler(closed -> clientGone());
        middleware
                .run(rules.middleware())
                .compose(passed -> body.read())
                .compose(read -> condition())
                .compose(met -> middleware.run(route.middleware()))
                .compose(passed -> handler())
                .onSuccess(this::ended)
                .onFailure(this::failed);
    }

    private Future<Void> condition() {
        String condition = route.condition();
        if (condition == null) {
            return Future.succeededFuture();
        }
        return calls.condition(condition, payload.forCondition(body))
                .compose(value -> value != null && value.isFalse()
                        ? Future.failedFuture(new Answer(ErrorReplies.CONDITION_NOT_MET))
                        : Future.succeededFuture());
    }

    private Future<Outcome> handler() {
        return calls.handler(payload.forHandler(body, RawJson.NULL, RawJson.NULL, middleware.context()));
    }

    private void ended(Outcome outcome) {
        switch (outcome) {
            case Outcome.Failure failure -> answer(calls.failed(route.functionId(), failure.error()));
            case Outcome.Success success -> {
                if (success.value() != null && !success.value().isNull()) {
                    answer(HandlerResult.read(success.value()));
                }
            }
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof Answer answer) {
            answer(answer.reply());
        } else {
            String errorId = ErrorReplies.newErrorId();
            LOG.error("{} failed inside the engine, error_id {}", route, errorId, failure);
            answer(ErrorReplies.internal(errorId));
        }
    }

    private void answer(Reply reply) {
        if (!decided) {
            decide();
            services.sender().send(request, rules, reply);
            over(reply.status());
        }
    }

    private void decide() {
        decided = true;
        deadline.lift();
        services.slots().release();
    }

    private void over(int status) {
        body.discard();
        services.metrics().count(request.method(), route.template().text(), status);
        trace.end(status);
    }

    private void clientGone() {
        if (!decided) {
            decide();
            over(499);
        }
    }
}
