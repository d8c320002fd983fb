package io.iiikafka.sdk.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Counts the handlers that run, so that a close can wait for them. */
final class InFlight {

    private static final long LOOK_AGAIN_NANOS = 1_000_000;

    private final AtomicInteger running = new AtomicInteger();
    private final ThreadLocal<Boolean> inHandler = new ThreadLocal<>();

    void enter() {
        running.incrementAndGet();
    }

    void run(Runnable handler) {
        inHandler.set(true);
        try {
            handler.run();
        } finally {
            inHandler.remove();
            running.decrementAndGet();
        }
    }

    boolean isHandler() {
        return inHandler.get() != null;
    }

    /**
     * Waits until none runs but the caller itself, for this many nanoseconds at most. A rare wait: it looks now and
     * then, and costs the calls nothing.
     */
    void awaitOthers(long patience) throws InterruptedException {
        int mine = isHandler() ? 1 : 0;
        long deadline = System.nanoTime() + patience;
        while (running.get() > mine && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
