package io.iiikafka.gateway.socket;

import io.vertx.core.Vertx;

/**
 * Waits for a connection to announce itself. Every SDK that does so does it in the same burst as its registrations, so a
 * connection that has registered something and then is quiet never will; and no connection is waited for longer than
 * the namespace grace (spec: protocol.md 2.2).
 *
 * <p>Used on the connection's event loop.
 */
final class NamespaceGrace {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final SocketSettings settings;
    private final Runnable expired;
    private long longest = NO_TIMER;
    private long quiet = NO_TIMER;
    private long lastFrameNanos;
    private boolean over;

    NamespaceGrace(Vertx vertx, SocketSettings settings, Runnable expired) {
        this.vertx = vertx;
        this.settings = settings;
        this.expired = expired;
    }

    /** A frame came in. */
    void frame(boolean registration) {
        lastFrameNanos = System.nanoTime();
        if (!over && registration && longest == NO_TIMER) {
            longest = vertx.setTimer(Math.max(1, settings.namespaceGrace().toMillis()), timer -> expire());
            watchQuiet(settings.quietGrace().toMillis());
        }
    }

    private void watchQuiet(long delayMs) {
        quiet = vertx.setTimer(Math.max(1, delayMs), timer -> {
            long leftMs = settings.quietGrace().toMillis() - (System.nanoTime() - lastFrameNanos) / 1_000_000;
            if (leftMs <= 0) {
                expire();
            } else {
                watchQuiet(leftMs);
            }
        });
    }

    private void expire() {
        if (!over) {
            over();
            expired.run();
        }
    }

    /** The namespace is decided, or the connection has ended. */
    void over() {
        over = true;
        vertx.cancelTimer(longest);
        vertx.cancelTimer(quiet);
    }
}
