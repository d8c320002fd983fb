package io.iiikafka.gateway.socket;

import io.iiikafka.gateway.timer.Beat;
import io.vertx.core.Vertx;

/**
 * Pings a connection and cuts it when nothing has come in for too long: half-open connections are found within a minute
 * (spec: protocol.md 1.6). Used on the connection's event loop.
 */
final class Heartbeat {

    private final SocketSettings settings;
    private final WorkerSocket socket;
    private final Beat beat;
    private long silentPings;

    Heartbeat(Vertx vertx, SocketSettings settings, WorkerSocket socket) {
        this.settings = settings;
        this.socket = socket;
        this.beat = Beat.every(settings.pingInterval().toMillis(), vertx, this::beat);
    }

    /** Something came in. */
    void heard() {
        silentPings = 0;
    }

    private void beat() {
        // Counted in pings, not in clock time: a process that was frozen must not blame its workers.
        if (silentPings * settings.pingInterval().toMillis() >= settings.idleTimeout().toMillis()) {
            socket.cut();
            return;
        }
        silentPings++;
        socket.ping();
    }

    void stop() {
        beat.stop();
    }
}
