package io.iiikafka.gateway.socket;

import java.time.Duration;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Asks a connection whether its worker is still there, when another connection claims to be the same worker: a cut that
 * this side has not noticed must not keep calls from the worker's new connection (spec: protocol.md 13.4, 7 and 8).
 *
 * <p>Used on the connection's event loop.
 */
final class Probe {

    private final Vertx vertx;
    private final WorkerSocket socket;
    private final Duration timeout;
    private @Nullable Promise<Boolean> asked;

    Probe(Vertx vertx, WorkerSocket socket, Duration timeout) {
        this.vertx = vertx;
        this.socket = socket;
        this.timeout = timeout;
    }

    boolean underWay() {
        return asked != null;
    }

    /** The answer to the probe that is under way. */
    Future<Boolean> alive() {
        return asked == null ? Future.succeededFuture(true) : asked.future();
    }

    /** Pings; true when anything comes in before the time is up. */
    Future<Boolean> ask() {
        if (asked == null) {
            Promise<Boolean> question = Promise.promise();
            asked = question;
            vertx.setTimer(timeout.toMillis(), timer -> socket.execute(() -> answer(question, false)));
            socket.ping();
        }
        return asked.future();
    }

    /** Something came in. */
    void heard() {
        if (asked != null) {
            answer(asked, true);
        }
    }

    /** The connection has ended; what waits for an answer goes on and sees that. */
    void over() {
        if (asked != null) {
            answer(asked, false);
        }
    }

    private void answer(Promise<Boolean> question, boolean alive) {
        if (asked == question) {
            asked = null;
        }
        question.tryComplete(alive);
    }
}
