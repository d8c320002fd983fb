package io.iiikafka.gateway.http;

import java.time.Duration;
import java.util.List;

import io.iiikafka.gateway.channel.Channel;
import io.iiikafka.gateway.http.route.Match;
import io.iiikafka.gateway.http.route.Route;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through its route: middleware, body, condition, middleware, handler, response (spec: http.md
 * 5,
 * steps 5 to 11). Holds a request slot until the head of the response is decided. Confined to the request's event loop.
 */
final class Exchange implements StreamedResponse.Owner {

    /** Those of the body and of the response, open once the handler is called. */
    private record Channels(Channel request, Channel response) {}

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** So little, because there are two for each request, and clients need not be friends. */
    private static final int CHANNEL_FRAMES = 4;
    private static final long LONGEST_MS = Duration.ofDays(365).toMillis();
    private static final int CLIENT_CLOSED = 499;

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
    private @Nullable Channels channels;
    private @Nullable StreamedResponse stream;
    private boolean decided;
    private boolean over;

    Exchange(
            HttpServices services,
            HttpRules rules,
            DeadlineWheel deadlines,
            BodyMemory memory,
            HttpServerRequest request,
            Match.Found match) {
        this.services = services;
        this.rules = rules;
        this.request = request;
        this.route = match.route();
        this.trace = services.tracing().begin(request, route);
        this.payload = new Payload(request, match, rules.config().trustProxy());
        this.body = new RequestBody(request, rules, services.limits(), memory);
        long usualMs = rules.config().defaultTimeout().toMillis();
        long timeoutMs = Math.min(route.timeoutMs().orElse(usualMs), LONGEST_MS);
        this.calls = new Calls(
                services.invoker(),
                route,
                trace,
                System.currentTimeMillis() + timeoutMs,
                rules.config().hideErrors());
        this.middleware = new Middleware(calls, payload, deadlines, usualMs);
        this.deadline = deadlines.start(timeoutMs, () -> answer(ErrorReplies.TIMEOUT));
    }

    void run() {
        request.response().exceptionHandler(failure -> {}).closeHandler(closed -> clientGone());
        middleware
                .run(rules.middleware())
                .compose(passed -> body.read())
                .compose(read -> condition())
                .compose(met -> middleware.run(ownMiddleware()))
                .compose(passed -> handler())
                .onSuccess(this::returned)
                .onFailure(this::failed);
    }

    private List<Middleware.Step> ownMiddleware() {
        return route.middleware().stream()
                .map(function -> new Middleware.Step(function, false))
                .toList();
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
        if (decided) {
            return Future.succeededFuture(Outcome.NO_VALUE); // too late, or nobody is left to answer
        }
        Channel up = services.channels().create(CHANNEL_FRAMES, null);
        Channel down = services.channels().create(CHANNEL_FRAMES, null);
        channels = new Channels(up, down);
        Future<Outcome> outcome =
                calls.handler(payload.forHandler(body, up.readerRef(), down.writerRef(), middleware.context()));
        stream = StreamedResponse.begin(this, down.openReader());
        Upload.begin(body, up.openWriter());
        return outcome;
    }

    private void returned(Outcome outcome) {
        if (decided) {
            return;
        }
        switch (outcome) {
            case Outcome.Failure failure -> answer(calls.failed(route.functionId(), failure.error()));
            case Outcome.Success success -> {
                if (success.value() != null && !success.value().isNull()) {
                    answer(HandlerResult.read(route.functionId(), success.value()));
                } else if (stream != null) {
                    stream.returned();
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
            if (stream != null) {
                stream.cancel();
            }
            over(reply.status());
        }
    }

    private void decide() {
        decided = true;
        deadline.lift();
        services.slots().release();
    }

    @Override
    public boolean begin(StreamHead head) {
        if (decided) {
            return false;
        }
        decide();
        if (body.isLarge() && channels != null) {
            // The response may go on for hours: the body must not wait so long for a reader that never comes.
            channels.request().dispose();
            body.release();
        }
        services.sender().begin(request, rules, head.status(), head.headers());
        HttpServerResponse response = request.response();
        if (isWithoutBody(head.status())) {
            response.headers().remove("content-length");
        } else if (!ReplySender.hasUsableLength(response) && request.method() != HttpMethod.HEAD) {
            response.setChunked(true);
        }
        return true;
    }

    @Override
    public HttpServerResponse response() {
        return request.response();
    }

    @Override
    public boolean isBodiless() {
        return request.method() == HttpMethod.HEAD || isWithoutBody(request.response().getStatusCode());
    }

    private static boolean isWithoutBody(int status) {
        return status == 204 || status == 304;
    }

    @Override
    public void streamed() {
        over(request.response().getStatusCode());
    }

    private void clientGone() {
        if (!decided) {
            decide();
            over(CLIENT_CLOSED);
        } else if (!over) {
            over(request.response().getStatusCode());
        }
        if (stream != null) {
            stream.cancel();
        }
    }

    /**
     * The response is out. A worker that reads the body or writes may finish; one that has not begun cannot any more.
     */
    private void over(int status) {
        if (over) {
            return;
        }
        over = true;
        if (channels == null) {
            body.discard();
        } else {
            channels.request().dispose();
            channels.response().dispose();
        }
        body.release();
        services.metrics().count(request.method(), route.isFallback() ? "" : route.template().text(), status);
        trace.end(status);
    }
}
