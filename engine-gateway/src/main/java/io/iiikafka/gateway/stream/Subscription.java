package io.iiikafka.gateway.stream;

import org.jspecify.annotations.Nullable;

/** One subscription of a client. Used on its event loop. */
final class Subscription {

    private final String id;
    private final GroupView view;
    private final @Nullable String item;
    private long since;
    private boolean syncing = true;
    private boolean leaving;

    Subscription(String id, GroupView view, @Nullable String item) {
        this.id = id;
        this.view = view;
        this.item = item;
    }

    String id() {
        return id;
    }

    GroupView view() {
        return view;
    }

    /** Null: the whole group. */
    @Nullable String item() {
        return item;
    }

    /** Whether a sync is on its way, before which nothing else may be sent. */
    boolean syncing() {
        return syncing;
    }

    void awaitSync() {
        syncing = true;
    }

    /** Leave triggers are being called: they are not to be called again should the connection end meanwhile. */
    void leaving() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** From now on it gets what is later than this. */
    void synced(long timestamp) {
        since = Math.max(since, timestamp);
        syncing = false;
    }

    boolean matches(Frame frame) {
        return !syncing && frame.timestamp() > since && (item == null || item.equals(frame.id()));
    }
}
