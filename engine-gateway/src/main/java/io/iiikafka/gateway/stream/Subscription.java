package io.iiikafka.gateway.stream;

import org.jspecify.annotations.Nullable;

/** One subscription of a client. Used on its event loop. */
abstract sealed class Subscription permits LiveSubscription, LogSubscription, ConsumerSubscription {

    private final String id;
    private final GroupView view;
    private final @Nullable String item;
    private JoinFilter filter = JoinFilter.OPEN;
    private int asked;
    private boolean leaving;

    Subscription(String id, GroupView view, @Nullable String item) {
        this.id = id;
        this.view = view;
        this.item = item;
    }

    final String id() {
        return id;
    }

    final GroupView view() {
        return view;
    }

    /** Null: the whole group. */
    final @Nullable String item() {
        return item;
    }

    /** It sees no more than that. */
    final void restrict(JoinFilter to) {
        filter = to;
    }

    final JoinFilter filter() {
        return filter;
    }

    /** Kafka did not get the question; the keeper knows nothing of it if that was the only one. */
    final void notAsked() {
        asked = asked == 1 ? 0 : asked;
    }

    /** The keeper is asked to know of it; false: it may know already, even if its answer was never heard. */
    final boolean askFirst() {
        return asked++ == 0;
    }

    /** Leave triggers are being called: they are not to be called again should the connection end meanwhile. */
    final void leaving() {
        leaving = true;
    }

    final boolean isLeaving() {
        return leaving;
    }

    /** Whether it is told of that. */
    boolean matches(Frame frame) {
        return (item == null || item.equals(frame.id())) && filter.passes(frame);
    }
}
