package io.iiikafka.gateway.stream;

import java.time.Duration;

import io.iiikafka.gateway.timer.Beat;
import io.vertx.core.Vertx;

/**
 * Finds connections that are dead, by pings, and clients that do not read (spec: stream.md 13.9). Counted in beats, not in
 * clock time: a process that was frozen must not blame its clients. Used on the client's event loop.
 */
final class StreamPulse {

    private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);

    private final StreamClient client;
    private final StreamMetrics metrics;
    private final long beatMs;
    private final long pingMs;
    private final long timeoutMs;
    private final long stallMs;
    private final Beat beat;
    private long silentMs;
    private long pingedMs;
    private long stuckMs;

    StreamPulse(Vertx vertx, StreamClient client, StreamMetrics metrics, StreamSocketSettings settings) {
        this.client = client;
        this.metrics = metrics;
        this.pingMs = settings.pingInterval().toMillis();
        this.timeoutMs = settings.pingTimeout().toMillis();
        this.stallMs = settings.stallTimeout().toMillis();
        this.beatMs = Math.max(1, Math.min(Math.min(LONGEST_BEAT.toMillis(), stallMs), Math.min(pingMs, timeoutMs)));
        this.beat = Beat.every(beatMs, vertx, this::beat);
    }

    /** Something came in. */
    void heard() {
        silentMs = 0;
        pingedMs = 0;
    }

    private void beat() {
        silentMs += beatMs;
        stuckMs = client.outbox().hasMoved() ? 0 : stuckMs + beatMs;
        if (stuckMs >= stallMs) {
            if (client.socket().close(StreamSocket.TRY_AGAIN_LATER, "nothing was read for " + stallMs + " ms")) {
                metrics.stuck();
            }
        } else if (silentMs >= pingMs + timeoutMs) {
            client.socket().cut();
        } else if (silentMs - pingedMs >= pingMs) {
            pingedMs = silentMs;
            client.socket().ping();
        }
    }

    void stop() {
        beat.stop();
    }
}
