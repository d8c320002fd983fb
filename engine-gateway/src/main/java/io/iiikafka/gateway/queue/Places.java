package io.iiikafka.gateway.queue;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many jobs of a queue's topic this gateway may run at once: its part of what all gateways may, and of what does not
 * divide, one more for those whose ids come first. Any thread.
 */
final class Places {

    private final AtomicInteger taken = new AtomicInteger();
    private volatile int part;
    private volatile boolean shared;

    /**
     * @param all what all gateways may run together
     * @param rank of this gateway among them, from 0
     */
    void share(int all, int gateways, int rank) {
        shared = gateways > 1;
        part = all / gateways + (rank < all % gateways ? 1 : 0);
    }

    /** This gateway runs none. */
    void none() {
        part = 0;
    }

    int part() {
        return part;
    }

    /** Whether there are other gateways. */
    boolean shared() {
        return shared;
    }

    int left() {
        return part - taken.get();
    }

    boolean any() {
        return left() > 0;
    }

    /** False: there is none. One thread takes. */
    boolean take() {
        if (any()) {
            taken.incrementAndGet();
            return true;
        }
        return false;
    }

    void free() {
        taken.decrementAndGet();
    }
}
