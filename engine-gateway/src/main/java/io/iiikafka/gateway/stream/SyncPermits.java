package io.iiikafka.gateway.stream;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * What all clients of a gateway may ask for, and hold unread, at once. A join is a few bytes and its sync may be millions:
 * without a bound, one client that joins often and reads nothing would be the end of the process. Any thread.
 */
final class SyncPermits {

    /** Syncs of unknown or great length that are read at once. */
    private static final int LONG_SYNCS = 4;

    private final long mostHeld;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int free = LONG_SYNCS;
    private long held;

    /** @param mostHeld bytes of syncs that clients have not read yet */
    SyncPermits(long mostHeld) {
        this.mostHeld = mostHeld;
    }

    /** Runs it, now or later, when a permit is free; then it must be {@linkplain #release() released}. */
    void acquire(Runnable granted) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(granted);
                return;
            }
            free--;
        }
        granted.run();
    }

    void release() {
        Runnable next = next();
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            free++;
        }
        return next;
    }

    /** Whether there is room for a sync that a client is to hold; it is taken then. */
    synchronized boolean hold(long bytes) {
        if (held > 0 && held + bytes > mostHeld) {
            return false;
        }
        held += bytes;
        return true;
    }

    synchronized void letGo(long bytes) {
        held -= bytes;
    }
}
