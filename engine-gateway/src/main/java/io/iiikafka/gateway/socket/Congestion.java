package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import io.iiikafka.gateway.invocation.Delivery;
import io.iiikafka.gateway.invocation.Dispatcher;
import io.vertx.core.Vertx;

/**
 * Calls that wait because their worker does not read as fast as they come: many large ones may come at once, and a worker
 * that is only slow must not be disconnected for that. One that has not read anything for too long is. What waits has
 * its payload in memory, so all that waits on a gateway has a limit.
 *
 * <p>Used on the connection's event loop.
 */
final class Congestion {

    private static final long LOOK_MS = 5;

    private final Vertx vertx;
    private final WorkerSocket socket;
    private final Duration patience;
    private final Dispatcher dispatcher;
    private final Consumer<Delivery> start;
    private final Runnable refused;
    private final Queue<Delivery> held = new ArrayDeque<>();
    private long lastQueued;
    private long lastMoveNanos;

    /**
     * @param patience how long the worker may read nothing
     * @param dispatcher knows whether another call may wait
     * @param start hands a call to the worker
     * @param refused told of a call that may not, which is answered already
     */
    Congestion(
            Vertx vertx,
            WorkerSocket socket,
            Duration patience,
            Dispatcher dispatcher,
            Consumer<Delivery> start,
            Runnable refused) {
        this.vertx = vertx;
        this.socket = socket;
        this.patience = patience;
        this.dispatcher = dispatcher;
        this.start = start;
        this.refused = refused;
    }

    /** Starts the call now, or after those before it, as soon as the worker has read enough. */
    void pass(Delivery delivery) {
        if (held.isEmpty() && !socket.isCongested()) {
            start.accept(delivery);
            return;
        }
        if (!dispatcher.hold(delivery)) {
            refused.run();
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
            Delivery next = held.remove();
            dispatcher.letGo(next);
            start.accept(next);
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
        left.forEach(dispatcher::letGo);
        return left;
    }
}
