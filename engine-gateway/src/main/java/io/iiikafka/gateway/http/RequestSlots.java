package io.iiikafka.gateway.http;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may be at work at once on this gateway; the others wait their turn, for a bounded time
 * (spec: http.md 15). Any thread.
 */
final class RequestSlots {

    private final AtomicInteger taken = new AtomicInteger();
    private final ConcurrentLinkedQueue<Turn> waiting = new ConcurrentLinkedQueue<>();
    private volatile int limit;

    RequestSlots(int limit) {
        this.limit = limit;
    }

    /** From the next request on; those at work are not disturbed. */
    void limit(int newLimit) {
        limit = newLimit;
        admit();
    }

    /** A place in the queue. */
    final class Turn {

        private final @Nullable Context context;
        private final Runnable action;
        private volatile boolean cancelled;

        private Turn(@Nullable Context context, Runnable action) {
            this.context = context;
            this.action = action;
        }

        /** Nothing of it is kept. */
        void cancel() {
            cancelled = true;
            waiting.remove(this);
        }
    }

    /** Takes a slot if one is free and nobody waits. */
    boolean tryTake() {
        return waiting.isEmpty() && tryCount();
    }

    /** Waits for a slot; {@code action} runs on this context as soon as there is one. */
    Turn await(Runnable action) {
        Turn turn = new Turn(Vertx.currentContext(), action);
        waiting.add(turn);
        admit();
        return turn;
    }

    void release() {
        taken.decrementAndGet();
        admit();
    }

    private boolean tryCount() {
        int now = taken.get();
        while (now < limit) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    private void admit() {
        while (!waiting.isEmpty() && tryCount()) {
            Turn next = waiting.poll();
            if (next == null || next.cancelled) {
                taken.decrementAndGet();
            } else if (next.context == null) {
                next.action.run();
            } else {
                next.context.runOnContext(nothing -> begin(next));
            }
        }
    }

    private void begin(Turn turn) {
        if (turn.cancelled) {
            release(); // it gave up while it was being called
        } else {
            turn.action.run();
        }
    }
}
