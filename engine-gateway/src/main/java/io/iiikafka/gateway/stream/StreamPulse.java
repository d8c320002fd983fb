package io.iiikafka.gateway.stream;

import java.time.Duration;

import io.vertx.core.Vertx;

/**
 * Finds connections that are dead, by pings, and clients that do not read (spec: stream.md 13.9). Counted in beats, not in
 * clock time: a process that was frozen must not blame its clients. Used on the client's event loop.
 */
final class StreamPulse {

    private static final Duration NO_PROGRESS = Duration.ofSeconds(60);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final StreamClient client;
    private final long beatMs;
    private final long pingMs;
    private final long timeoutMs;
    private final long timer;
    private long silentMs;
    private long pingedMs;
    private long stuckMs;

    StreamPulse(Vertx vertx, StreamClient client, Duration pingInterval, Duration pingTimeout) {
        this.vertx = vertx;
        this.client = client;
        this.pingMs = pingInterval.toMillis();
        this.timeoutMs = pingTimeout.toMillis();
        this.beatMs = Math.max(1, Math.min(LONGEST_BEAT.toMillis(), Math.min(pingMs, timeoutMs)));
        this.timer = vertx.setPeriodic(beatMs, id -> beat());
    }

    /** Something came in. */
    void heard() {
        silentMs = 0;
        pingedMs = 0;
    }

    private void beat() {
        silentMs += beatMs;
        stuckMs = client.outbox().hasMoved() ? 0 : stuckMs + beatMs;
        if (stuckMs >= NO_PROGRESS.toMillis()) {
            client.socket().close(StreamSocket.TRY_AGAIN_LATER, "nothing was read for " + NO_PROGRESS.toSeconds() + " s");
        } else if (silentMs >= pingMs + timeoutMs) {
            client.socket().cut();
        } else if (silentMs - pingedMs >= pingMs) {
            pingedMs = silentMs;
            client.socket().ping();
        }
    }

    void stop() {
        vertx.cancelTimer(timer);
    }
}
