package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;

/** Closes TCP connections that do not deliver the head of a request in time (spec: protocol.md 1.4). */
final class HandshakeDeadline {

    private final Vertx vertx;
    private final long timeoutMs;
    private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();

    HandshakeDeadline(Vertx vertx, Duration timeout) {
        this.vertx = vertx;
        this.timeoutMs = Math.max(1, timeout.toMillis());
    }

    void begin(HttpConnection connection) {
        timers.put(connection, vertx.setTimer(timeoutMs, timer -> {
            if (timers.remove(connection) != null) {
                connection.close();
            }
        }));
        connection.closeHandler(closed -> met(connection));
    }

    /** The head is there. */
    void met(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
