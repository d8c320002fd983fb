package io.iiikafka.gateway;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.gateway.socket.WorkerConnection;

/** Lets the workers of a stopping gateway finish what they run, and sends each away as soon as it has. */
final class Drain {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Drain() {}

    /** Blocks until all connections are closed, or the time is up. */
    static void run(Collection<WorkerConnection> connections, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        connections.forEach(WorkerConnection::drain);
        do {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            connections.forEach(WorkerConnection::drain); // one may just have come in
        } while (!connections.isEmpty() && System.nanoTime() < deadline);
        connections.forEach(connection -> connection.restart("the gateway stops"));
    }
}
