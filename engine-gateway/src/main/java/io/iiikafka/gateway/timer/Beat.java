package io.iiikafka.gateway.timer;

import io.vertx.core.Vertx;

/**
 * Does something again and again, with at least so long between two times. A periodic timer makes up for the times that a
 * frozen process missed, all at once and before anything that has come in meanwhile is read: whoever counts beats to find out
 * who is silent would find everybody silent. Any thread; beats come on the thread of Vert.x that began it, if it was one.
 */
public final class Beat {

    private final Vertx vertx;
    private final long ms;
    private final Runnable task;
    private long timer;
    private boolean stopped;

    private Beat(Vertx vertx, long ms, Runnable task) {
        this.vertx = vertx;
        this.ms = ms;
        this.task = task;
    }

    /** Begins; the first beat comes after that many milliseconds. */
    public static Beat every(long ms, Vertx vertx, Runnable task) {
        Beat beat = new Beat(vertx, ms, task);
        beat.await();
        return beat;
    }

    private synchronized void await() {
        if (!stopped) {
            timer = vertx.setTimer(ms, id -> run());
        }
    }

    private void run() {
        try {
            task.run();
        } finally {
            await();
        }
    }

    /** Ends: one that has begun goes on, no other comes. */
    public synchronized void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }
}
