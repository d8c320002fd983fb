package io.iiikafka.gateway.stream;

import org.jspecify.annotations.Nullable;

/** A plain subscription: what is there now, then what happens (spec: stream.md 5.4). Used on its client's event loop. */
final class LiveSubscription extends Subscription {

    private long since;
    private boolean syncing = true;
    private int asked;

    LiveSubscription(String id, GroupView view, @Nullable String item) {
        super(id, view, item);
    }

    /** Whether a sync is on its way, before which nothing else may be sent. */
    boolean syncing() {
        return syncing;
    }

    /** Gives the number of the sync that it waits for: answers to older questions are of no interest. */
    int awaitSync() {
        syncing = true;
        return ++asked;
    }

    boolean awaits(int question) {
        return question == asked;
    }

    /** From now on it gets what is later than this. */
    void synced(long timestamp) {
        since = Math.max(since, timestamp);
        syncing = false;
    }

    @Override
    boolean matches(Frame frame) {
        return !syncing && frame.timestamp() > since && super.matches(frame);
    }
}
