package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import io.iiikafka.gateway.invocation.Delivery;
import io.vertx.core.Vertx;

/**
 * Calls that wait because their worker does not read as fast as they come: many large ones may come at once, and a worker
 * that is only slow must not be disconnected for that. One that has not read anything for too long is.
 *
 * <p>Used on the connection's event loop.
 */
final class Congestion {

    private static final long LOOK_MS = 5;

    private final Vertx vertx;
    private final WorkerSocket socket;
    private final Duration patience;
    private final Consumer<Delivery> start;
    private final Queue<Delivery> held = new ArrayDeque<>();
    private long lastQueued;
    private long lastMoveNanos;

    /**
     * @param patience how long the worker may read nothing
     * @param start hands a call to the worker
     */
    Congestion(Vertx vertx, WorkerSocket socket, Duration patience, Consumer<Delivery> start) {
        this.vertx = vertx;
        this.socket = socket;
        this.patience = patience;
        this.start = start;
    }

    /** Starts the call now, or after those before it, as soon as the worker has read enough. */
    void pass(Delivery delivery) {
        if (held.isEmpty() && !socket.isCongested()) {
            start.accept(delivery);
            return;
        }
        if (held.isEmpty()) {
            lastQueued = socket.queuedBytes();
            lastMoveNanos = System.nanoTime();
            lookSoon();
        }
        held.add(delivery);
    }

    private void lookSoon() {
        vertx.setTimer(LOOK_MS, timer -> socket.execute(this::look));
    }

    private void look() {
        while (!held.isEmpty() && !socket.isCongested()) {
            start.accept(held.poll());
        }
        if (held.isEmpty()) {
            return;
        }
        long queued = socket.queuedBytes();
        if (queued != lastQueued) {
            lastQueued = queued;
            lastMoveNanos = System.nanoTime();
        } else if (System.nanoTime() - lastMoveNanos > patience.toNanos()) {
            socket.doesNotRead();
            return;
        }
        lookSoon();
    }

    /** What the worker has not got, when the connection has ended. */
    List<Delivery> end() {
        List<Delivery> left = new ArrayList<>(held);
        held.clear();
        return left;
    }
}
