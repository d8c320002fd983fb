package io.iiikafka.gateway.invocation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Events of pub/sub that wait for a worker which is at its limit of calls in flight. Of each subscriber a bounded number
 * waits, in order; when more come, the oldest are dropped and counted (spec: pubsub.md 4). Any thread.
 */
final class SubscriberBuffer {

    /** Events by the connection that is to be told of them, or the function that any may run. */
    private final Map<String, Deque<Delivery>> waiting = new HashMap<>();

    private volatile int most = 1_000;
    private volatile EventWatch watch = EventWatch.NONE;
    private volatile boolean any;
    private boolean draining;
    private boolean again;

    /**
     * @param mostWaiting of each subscriber
     * @param told what becomes of events
     */
    void use(int mostWaiting, EventWatch told) {
        most = mostWaiting;
        watch = told;
    }

    EventWatch watch() {
        return watch;
    }

    private static String subscriber(Delivery delivery) {
        String worker = delivery.routed().worker();
        return worker == null ? '/' + delivery.call().namespace() + '/' + delivery.call().functionId() : worker;
    }

    /** Lets it wait if others of its subscriber do; whether it does. */
    boolean follows(Delivery delivery) {
        return any && add(delivery, false);
    }

    /** Lets it wait. */
    void add(Delivery delivery) {
        add(delivery, true);
    }

    private boolean add(Delivery delivery, boolean first) {
        Delivery oldest;
        synchronized (this) {
            Deque<Delivery> others = waiting.get(subscriber(delivery));
            if (others == null && !first) {
                return false;
            }
            if (others == null) {
                others = new ArrayDeque<>();
                waiting.put(subscriber(delivery), others);
            }
            others.add(delivery);
            oldest = others.size() > most ? others.poll() : null;
            any = true;
        }
        if (oldest != null) {
            drop(oldest);
        }
        return true;
    }

    private void drop(Delivery delivery) {
        String topic = delivery.routed().topic();
        if (topic != null) {
            watch.dropped(topic);
        }
        delivery.progress().done();
    }

    /**
     * A worker may be able to take one of them now. Must be quick when none wait.
     *
     * @param goes hands one over; false: it must wait on
     */
    void freed(Predicate<Delivery> goes) {
        if (!any) {
            return;
        }
        synchronized (this) {
            again = true;
            if (draining) {
                return; // who is at it looks once more
            }
            draining = true;
        }
        for (List<String> subscribers = subscribers(); subscribers != null; subscribers = subscribers()) {
            subscribers.forEach(subscriber -> drain(subscriber, goes));
        }
    }

    /** Null: nothing has been freed since. */
    private synchronized @Nullable List<String> subscribers() {
        draining = again;
        again = false;
        return draining ? new ArrayList<>(waiting.keySet()) : null;
    }

    private void drain(String subscriber, Predicate<Delivery> goes) {
        for (Delivery head = poll(subscriber); head != null; head = poll(subscriber)) {
            if (!goes.test(head)) {
                putBack(subscriber, head);
                return;
            }
        }
    }

    /** What comes meanwhile still waits behind it. */
    private synchronized @Nullable Delivery poll(String subscriber) {
        Deque<Delivery> deliveries = waiting.get(subscriber);
        Delivery head = deliveries == null ? null : deliveries.poll();
        if (head == null) {
            waiting.remove(subscriber);
            any = !waiting.isEmpty();
        }
        return head;
    }

    private synchronized void putBack(String subscriber, Delivery head) {
        waiting.computeIfAbsent(subscriber, none -> new ArrayDeque<>()).addFirst(head);
        any = true;
    }

    /** Drops those for which it is too late. */
    void expire(long nowMs) {
        if (!any) {
            return;
        }
        List<Delivery> late = new ArrayList<>();
        synchronized (this) {
            for (Deque<Delivery> deliveries : waiting.values()) {
                for (Iterator<Delivery> each = deliveries.iterator(); each.hasNext(); ) {
                    Delivery delivery = each.next();
                    if (delivery.call().deadlineMs() < nowMs) {
                        each.remove();
                        late.add(delivery);
                    }
                }
            }
        }
        late.forEach(this::drop);
    }
}
