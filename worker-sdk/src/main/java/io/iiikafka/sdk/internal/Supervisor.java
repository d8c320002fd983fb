package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.protocol.Frame;

/**
 * Keeps a worker connected: connects, watches the connection, and when it is gone connects again, going round the
 * addresses, until told to stop. Runs on one platform thread, which is what keeps the process alive.
 */
final class Supervisor implements Runnable {

    private static final Logger LOG = System.getLogger(Supervisor.class.getName());

    /** A connection that did not last this long counts as a failed attempt, so that a refusal is not retried hotly. */
    private static final Duration GOOD_CONNECTION = Duration.ofSeconds(1);

    private final List<URI> addresses;
    private final WorkerOptions options;
    private final Sockets sockets;
    private final Events events;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private volatile URI address;
    private volatile @Nullable Connection current;

    Supervisor(List<URI> addresses, WorkerOptions options, Sockets sockets, Events events) {
        this.addresses = addresses;
        this.options = options;
        this.sockets = sockets;
        this.events = events;
        this.address = addresses.getFirst();
    }

    /** The address of the current or the last attempt. */
    URI address() {
        return address;
    }

    /** No more attempts. A connection that is there is somebody else's to close. */
    void stop() {
        stopping.countDown();
    }

    /** Ends the current connection at once, if there is one. */
    void abort(String why) {
        Connection connection = current;
        if (connection != null) {
            connection.abort(why);
        }
    }

    @Override
    public void run() {
        try {
            int failures = 0;
            int turn = 0;
            Duration pause = Duration.ZERO;
            while (!stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                address = addresses.get(turn % addresses.size());
                long started = System.nanoTime();
                boolean good = false;
                try {
                    serve(events.newConnection(sockets.open(address)));
                    good = System.nanoTime() - started > GOOD_CONNECTION.toNanos();
                } catch (IOException e) {
                    // Once per outage; the attempts after it are of no interest to an operator.
                    boolean news = failures == 0 && stopping.getCount() > 0;
                    LOG.log(news ? Level.WARNING : Level.DEBUG, "{0}; trying again", e.getMessage());
                }
                failures = good ? 0 : failures + 1;
                turn = good ? turn : turn + 1;
                int rounds = Math.max(0, failures - 1) / addresses.size();
                pause = options.reconnect().delay(rounds, ThreadLocalRandom.current().nextDouble());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Connection connection) throws InterruptedException {
        if (stopping.getCount() == 0) {
            connection.close(Duration.ofSeconds(1));
            return;
        }
        current = connection;
        events.connected(connection);
        try {
            connection.superviseUntilClosed(options.pingInterval(), options.idleTimeout());
        } finally {
            events.disconnected(connection);
        }
    }

    /** The life of the connections, all on the supervisor's thread. */
    interface Events {

        /** Makes a connection of the socket and starts it. */
        Connection newConnection(WebSocket<Frame> socket);

        void connected(Connection connection);

        void disconnected(Connection connection);
    }
}
