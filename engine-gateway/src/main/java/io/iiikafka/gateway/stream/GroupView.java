package io.iiikafka.gateway.stream;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Counter;

/**
 * A group as one client sees it: its subscriptions there, and what must wait for a sync. Each frame is sent once, whatever
 * the number of subscriptions that match (spec: stream.md 5.6.3), and in the order of commit.
 *
 * <p>Used on the client's event loop.
 */
final class GroupView {

    private final GroupId group;
    private final int mostHeld;
    private final Outbox outbox;
    private final Counter sent;
    private final Consumer<GroupView> refresh;
    private final Map<String, LiveSubscription> subscriptions = new LinkedHashMap<>();
    private final Map<String, LogSubscription> logs = new LinkedHashMap<>();
    private final Map<String, ConsumerSubscription> consumers = new LinkedHashMap<>();
    private final Deque<Frame> held = new ArrayDeque<>();
    private boolean stale;

    /**
     * @param mostHeld frames that may wait; when there are more, a fresh sync takes their place
     * @param outbox of the client
     * @param sent counts what goes there
     * @param refresh syncs the plain subscriptions anew
     */
    GroupView(GroupId group, int mostHeld, Outbox outbox, Counter sent, Consumer<GroupView> refresh) {
        this.group = group;
        this.mostHeld = mostHeld;
        this.outbox = outbox;
        this.sent = sent;
        this.refresh = refresh;
    }

    GroupId group() {
        return group;
    }

    /** The plain ones. */
    Collection<LiveSubscription> live() {
        return List.copyOf(subscriptions.values());
    }

    /** Those that know their place in the log. */
    Collection<LogSubscription> logs() {
        return List.copyOf(logs.values());
    }

    /** Those that consume. */
    Collection<ConsumerSubscription> consumers() {
        return List.copyOf(consumers.values());
    }

    /** Takes the place of one with the same id. */
    void add(Subscription subscription) {
        subscriptions.remove(subscription.id());
        logs.remove(subscription.id());
        consumers.remove(subscription.id());
        switch (subscription) {
            case LiveSubscription live -> subscriptions.put(live.id(), live);
            case LogSubscription log -> logs.put(log.id(), log);
            case ConsumerSubscription consumer -> consumers.put(consumer.id(), consumer);
        }
        release();
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription.id(), subscription);
        logs.remove(subscription.id(), subscription);
        consumers.remove(subscription.id(), subscription);
        release();
    }

    boolean isEmpty() {
        return subscriptions.isEmpty() && logs.isEmpty() && consumers.isEmpty();
    }

    /** Something was left out, which only a fresh sync can make good. */
    boolean isStale() {
        return stale;
    }

    void stale(boolean left) {
        stale = left;
    }

    /** Whether it has something to do when its client has taken all that was sent to it. */
    boolean waitsForRoom() {
        return stale || !logs.isEmpty() || !consumers.isEmpty();
    }

    /** Something was lost on the way here: only a fresh sync can make that good. */
    void missed() {
        refresh.accept(this);
    }

    /** Takes what happened in the group. */
    void offer(Frame frame) {
        if (!logs.isEmpty()) {
            logs().forEach(log -> log.offer(frame));
        }
        offerLive(frame);
    }

    private void offerLive(Frame frame) {
        if (stale && frame.changes()) {
            return; // the sync to come shows it
        }
        if (!isSyncing()) {
            deliver(frame);
        } else if (held.size() < mostHeld) {
            held.add(frame);
        } else {
            held.clear();
            stale = true;
        }
    }

    private boolean isSyncing() {
        for (LiveSubscription subscription : subscriptions.values()) {
            if (subscription.syncing()) {
                return true;
            }
        }
        return false;
    }

    private void deliver(Frame frame) {
        for (LiveSubscription subscription : subscriptions.values()) {
            if (subscription.matches(frame)) {
                sent.increment();
                outbox.frame(this, frame);
                return;
            }
        }
    }

    /** The sync of a subscription is here: what came before it goes first, what came after it follows. */
    void synced(LiveSubscription subscription, long timestamp, Runnable sendSync) {
        while (!held.isEmpty() && held.peek().timestamp() < timestamp) {
            deliver(held.poll());
        }
        subscription.synced(timestamp);
        sendSync.run();
        release();
    }

    private void release() {
        while (!held.isEmpty() && !isSyncing()) {
            deliver(held.poll());
        }
    }
}
