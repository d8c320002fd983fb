package io.iiikafka.gateway.http;

import java.util.List;
import java.util.function.Supplier;

import io.iiikafka.gateway.http.route.Match;
import io.iiikafka.gateway.http.route.Route;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * Takes each request of one event loop as far as its route: slot, preflight, 404, 405 (spec: http.md 5, steps 1 to 4).
 */
final class FrontDoor implements Handler<HttpServerRequest> {

    /** As many as the reference takes: more is answered 431. */
    private static final int MOST_HEADERS = 100;

    private final HttpServices services;
    private final Supplier<HttpRules> rules;
    private final DeadlineWheel deadlines;
    private final ConnectionLimits connections;
    private final BodyMemory bodies;

    /** @param bodyMemoryBytes for the large bodies of this event loop's requests */
    FrontDoor(HttpServices services, Supplier<HttpRules> rules, long bodyMemoryBytes) {
        this.services = services;
        this.rules = rules;
        this.deadlines = new DeadlineWheel(services.vertx());
        this.bodies = new BodyMemory(bodyMemoryBytes);
        this.connections = new ConnectionLimits(deadlines, rules);
    }

    void opened(HttpConnection connection) {
        connections.opened(connection);
    }

    @Override
    public void handle(HttpServerRequest request) {
        connections.begun(request);
        if (RequestBody.isPresent(request)) {
            request.pause();
        }
        if (request.headers().size() > MOST_HEADERS) {
            request.response().putHeader("connection", "close");
            answer(request, rules.get(), Reply.empty(431));
            request.connection().close();
        } else if (services.slots().tryTake()) {
            enter(request);
        } else {
            queue(request);
        }
    }

    private void queue(HttpServerRequest request) {
        HttpRules now = rules.get();
        long patience = services.limits().slotWait().toMillis();
        Waiting waiting = new Waiting();
        waiting.turn = services.slots().await(() -> {
            waiting.deadline.lift();
            enter(request);
        });
        waiting.deadline = deadlines.start(patience, () -> {
            waiting.turn.cancel();
            answer(request, now, ErrorReplies.OVERLOADED);
        });
        request.response().closeHandler(closed -> {
            waiting.deadline.lift();
            waiting.turn.cancel();
        });
    }

    @SuppressWarnings("NullAway.Init")
    private static final class Waiting {
        private RequestSlots.Turn turn;
        private DeadlineWheel.Deadline deadline;
    }

    private void enter(HttpServerRequest request) {
        HttpRules now = rules.get();
        HttpMethod method = request.method();
        String path = request.path() == null ? "/" : request.path();
        Match match = services.routes().match(method.name(), path, now.config().ignoreTrailingSlash());
        if (method == HttpMethod.OPTIONS && (Cors.isPreflight(request) || !(match instanceof Match.Found))) {
            refuse(request, now, now.cors().preflight(request));
            return;
        }
        switch (match) {
            case Match.Found found -> new Exchange(services, now, deadlines, bodies, request, found).run();
            case Match.WrongMethod wrong -> refuse(request, now, ErrorReplies.wrongMethod(wrong.allowed()));
            case Match.NotFound unknown -> notFound(request, now, path);
        }
    }

    private void notFound(HttpServerRequest request, HttpRules now, String path) {
        String function = now.config().notFoundFunction().orElse(null);
        if (function == null) {
            refuse(request, now, ErrorReplies.NOT_FOUND);
        } else {
            Route route = Route.fallback(function, request.method().name(), path);
            new Exchange(services, now, deadlines, bodies, request, new Match.Found(route, List.of())).run();
        }
    }

    private void refuse(HttpServerRequest request, HttpRules now, Reply reply) {
        services.slots().release();
        answer(request, now, reply);
    }

    private void answer(HttpServerRequest request, HttpRules now, Reply reply) {
        services.sender().send(request, now, reply);
        request.resume();
        services.metrics().count(request.method(), "", reply.status());
    }
}
