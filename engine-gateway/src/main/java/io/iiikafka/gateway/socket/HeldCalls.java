package io.iiikafka.gateway.socket;

import java.util.ArrayDeque;
import java.util.Queue;

import io.vertx.core.Future;

/**
 * Keeps a connection's calls behind its own registrations: a call that is sent after a registration on the same socket
 * must find it (spec: protocol.md section 16). Used on the connection's event loop.
 */
final class HeldCalls {

    private record Held(long after, Runnable call) {}

    private final WorkerSocket socket;
    private final Queue<Held> held = new ArrayDeque<>();
    private long started;
    private long landed;

    HeldCalls(WorkerSocket socket) {
        this.socket = socket;
    }

    /** Counts a registration as under way until {@code applied} completes, either way; they complete in order. */
    void await(Future<Void> applied) {
        started++;
        applied.onComplete(done -> socket.execute(this::land));
    }

    /** Whether registrations are under way. */
    boolean mustWait() {
        return landed < started;
    }

    /** Runs the call now, or as soon as the registrations before it are in the catalog. */
    void run(Runnable call) {
        if (!mustWait()) {
            call.run();
        } else {
            held.add(new Held(started, call));
        }
    }

    private void land() {
        landed++;
        while (!held.isEmpty() && held.peek().after() <= landed) {
            held.poll().call().run();
        }
    }
}
