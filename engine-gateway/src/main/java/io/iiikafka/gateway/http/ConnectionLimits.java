package io.iiikafka.gateway.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.iiikafka.gateway.config.HttpConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;

/**
 * Closes connections that keep the engine waiting (spec: http.md 15): the first head must be complete in good time,
 * each further one some time after the exchange before it, and an upload that is still under way when its response is
 * out must go on. Confined to one event loop.
 */
final class ConnectionLimits {

    private final DeadlineWheel deadlines;
    private final Supplier<HttpRules> rules;
    private final Map<HttpConnection, DeadlineWheel.Deadline> waiting = new HashMap<>();

    ConnectionLimits(DeadlineWheel deadlines, Supplier<HttpRules> rules) {
        this.deadlines = deadlines;
        this.rules = rules;
    }

    private HttpConfig config() {
        return rules.get().config();
    }

    void opened(HttpConnection connection) {
        connection.closeHandler(closed -> lift(connection));
        limit(connection, config().headerTimeout(), connection::close);
    }

    /** The head of a request is there. */
    void begun(HttpServerRequest request) {
        lift(request.connection());
        request.response().endHandler(ended -> rest(request, 0));
    }

    private void rest(HttpServerRequest request, long uploaded) {
        limit(request.connection(), config().idleTimeout(), () -> {
            if (!request.isEnded() && request.bytesRead() > uploaded) {
                rest(request, request.bytesRead());
            } else {
                request.connection().close();
            }
        });
    }

    private void limit(HttpConnection connection, Duration time, Runnable action) {
        waiting.put(connection, deadlines.start(time.toMillis(), action));
    }

    private void lift(HttpConnection connection) {
        DeadlineWheel.Deadline deadline = waiting.remove(connection);
        if (deadline != null) {
            deadline.lift();
        }
    }
}
