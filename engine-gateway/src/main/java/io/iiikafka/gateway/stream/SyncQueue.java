package io.iiikafka.gateway.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The syncs that one client waits for. The next is asked for when the client has room for it, one at a time until they
 * prove to be short, then more and more beside each other. Used on the client's event loop.
 */
final class SyncQueue {

    private static final int SHORT = 64 * 1024;
    private static final int MOST_AT_ONCE = 32;

    /**
     * @param toBeAsked whether it is still to be asked for
     * @param stillWanted whether somebody is still to be told
     * @param ask asks for it; the answer may come on any thread
     */
    private record Wanted(
            BooleanSupplier toBeAsked,
            BooleanSupplier stillWanted,
            Consumer<Consumer<Outcome>> ask,
            Consumer<Outcome> answered) {}

    private final StreamClient client;
    private final SyncPermits permits;
    private final Deque<Wanted> waiting = new ArrayDeque<>();
    private int atOnce = 1;
    private int asked;
    private long held;

    SyncQueue(StreamClient client, SyncPermits permits) {
        this.client = client;
        this.permits = permits;
    }

    /** @param answered told on the event loop, unless it is not wanted any more */
    void add(
            BooleanSupplier toBeAsked,
            BooleanSupplier stillWanted,
            Consumer<Consumer<Outcome>> ask,
            Consumer<Outcome> answered) {
        waiting.add(new Wanted(toBeAsked, stillWanted, ask, answered));
        askNext();
    }

    /** The client has taken all that was sent to it. */
    void drained() {
        letGo();
        askNext();
    }

    /** The client is gone. */
    void end() {
        waiting.clear();
        letGo();
    }

    private void letGo() {
        if (held > 0) { // the lock is everybody's
            permits.letGo(held);
            held = 0;
        }
    }

    private void askNext() {
        while (asked < Math.min(atOnce, asked + waiting.size()) && client.outbox().hasRoom()) {
            asked++;
            if (atOnce > 1) {
                begin(false);
            } else {
                permits.acquire(() -> client.execute(() -> begin(true)));
            }
        }
    }

    private void begin(boolean permitted) {
        Wanted next = poll();
        if (next == null) {
            ended(permitted);
            return;
        }
        next.ask().accept(outcome -> client.execute(() -> {
            try {
                came(next, outcome);
            } finally {
                ended(permitted);
                askNext();
            }
        }));
    }

    private @Nullable Wanted poll() {
        Wanted next = waiting.poll();
        while (next != null && !next.toBeAsked().getAsBoolean()) {
            next = waiting.poll();
        }
        return next;
    }

    private void came(Wanted wanted, Outcome outcome) {
        long length = outcome instanceof Outcome.Success success && success.value() != null
                ? success.value().length()
                : 0;
        atOnce = length > SHORT ? 1 : Math.min(2 * atOnce, MOST_AT_ONCE);
        if (!wanted.stillWanted().getAsBoolean()) {
            return;
        }
        if (length > SHORT) {
            if (!permits.hold(length)) {
                client.socket().close(StreamSocket.TRY_AGAIN_LATER, "clients of this gateway read too slowly");
                return;
            }
            held += length;
        }
        wanted.answered().accept(outcome);
    }

    private void ended(boolean permitted) {
        asked--;
        if (permitted) {
            permits.release();
        }
    }
}
