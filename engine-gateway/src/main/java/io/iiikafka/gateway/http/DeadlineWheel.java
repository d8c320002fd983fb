package io.iiikafka.gateway.http;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Time limits of one event loop's requests: setting and lifting one costs a few field writes, unlike a timer each. Runs
 * out up to {@value #TICK_MS} ms late, never early. Confined to the event loop.
 */
final class DeadlineWheel {

    private static final int TICK_MS = 10;
    private static final int SLOTS = 1024;

    private final Vertx vertx;
    private final Deadline[] slots = new Deadline[SLOTS];
    private int size;
    private long ticked = now();
    private long timer = -1;

    DeadlineWheel(Vertx vertx) {
        this.vertx = vertx;
        for (int i = 0; i < SLOTS; i++) {
            Deadline head = new Deadline(0, () -> {});
            head.before = head;
            head.after = head;
            slots[i] = head;
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000 / TICK_MS;
    }

    /** Runs the action after the time, unless the deadline is lifted before. */
    Deadline start(long delayMs, Runnable action) {
        long now = now();
        if (timer < 0) {
            ticked = now;
            timer = vertx.setPeriodic(TICK_MS, tick -> tick());
        }
        Deadline deadline = new Deadline(now + delayMs / TICK_MS + 1, action);
        deadline.linkBefore(slots[(int) (deadline.due % SLOTS)]);
        size++;
        return deadline;
    }

    private void tick() {
        long now = now();
        // After a long pause one turn of the wheel meets every slot.
        for (long tick = Math.max(ticked, now - SLOTS); tick <= now; tick++) {
            expire(slots[(int) (tick % SLOTS)], now);
        }
        ticked = now;
        if (size == 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private static void expire(Deadline head, long now) {
        Deadline each = head.after;
        while (each != head) {
            if (each.due <= now) {
                each.lift();
                each.action.run();
                each = head.after; // the action may have lifted any other
            } else {
                each = each.after;
            }
        }
    }

    /** A time limit that has not run out yet. */
    final class Deadline {

        private final long due;
        private final Runnable action;
        /** Neighbours on the wheel; itself once lifted. */
        private Deadline before = this;

        private Deadline after = this;

        private Deadline(long due, Runnable action) {
            this.due = due;
            this.action = action;
        }

        private void linkBefore(Deadline next) {
            before = next.before;
            after = next;
            before.after = this;
            next.before = this;
        }

        /** Takes the limit away; of no effect when it has run out. */
        void lift() {
            if (after != this) {
                before.after = after;
                after.before = before;
                before = this;
                after = this;
                size--;
            }
        }
    }
}
