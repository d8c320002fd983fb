package io.iiikafka.gateway.invocation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of pub/sub that wait for a worker which is at its limit of calls in flight. Of each subscriber a bounded number
 * waits, in order, as far as there is room for their payloads; when more come, the oldest are dropped and counted (spec:
 * pubsub.md 4). Any thread.
 */
final class SubscriberBuffer {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriberBuffer.class);
    /** So many other subscribers are looked at whenever a call ends: the worker may serve them, too. */
    private static final int OTHERS = 4;

    private final LargePayloads room;

    /** Events by the connection that is to be told of them, or the function that any may run; last looked at last. */
    private final LinkedHashMap<String, Deque<Delivery>> waiting = new LinkedHashMap<>();

    /** Subscribers whose events may find a worker now. */
    private final LinkedHashSet<String> hopeful = new LinkedHashSet<>();

    private volatile int most = 1_000;
    private volatile EventWatch watch = EventWatch.NONE;
    private volatile boolean any;
    private boolean draining;

    /** @param room for the payloads of all events that wait, beside those of other calls */
    SubscriberBuffer(LargePayloads room) {
        this.room = room;
    }

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
        List<Delivery> dropped = new ArrayList<>(1);
        synchronized (this) {
            Deque<Delivery> others = waiting.get(subscriber(delivery));
            if (others == null && !first) {
                return false;
            }
            if (others == null) {
                others = new ArrayDeque<>();
                waiting.put(subscriber(delivery), others);
            }
            any = true;
            while (others.size() >= most) {
                dropped.add(letGo(others.remove()));
            }
            boolean fits = room.take(delivery.call());
            while (!fits) {
                Delivery oldest = oldest(others);
                if (oldest == null) {
                    break; // other calls take all
                }
                dropped.add(letGo(oldest));
                fits = room.take(delivery.call());
            }
            if (fits) {
                others.add(delivery);
            } else {
                dropped.add(delivery);
            }
        }
        dropped.forEach(this::drop);
        return true;
    }

    /** Takes out the subscriber's own, or else another's; null: none waits. */
    private @Nullable Delivery oldest(Deque<Delivery> own) {
        Delivery oldest = own.poll();
        for (Iterator<Deque<Delivery>> each = waiting.values().iterator(); oldest == null && each.hasNext(); ) {
            oldest = each.next().poll();
        }
        return oldest;
    }

    private Delivery letGo(Delivery delivery) {
        room.giveBack(delivery.call());
        return delivery;
    }

    private void drop(Delivery delivery) {
        String topic = delivery.routed().topic();
        if (topic != null) {
            watch.dropped(topic);
        }
        delivery.progress().done();
    }

    /**
     * A worker may be able to take one of them now, because it has ended {@code ended}. Must be quick, above all when none
     * wait: those of the same subscriber are looked at, and of few others.
     *
     * @param ways how one goes to a worker; null: it must wait on
     */
    void freed(Delivery ended, Function<Delivery, @Nullable Runnable> ways) {
        if (!any) {
            return;
        }
        synchronized (this) {
            String subscriber = subscriber(ended);
            if (waiting.containsKey(subscriber)) {
                hopeful.add(subscriber);
            }
            for (int n = Math.min(OTHERS, waiting.size()); n > 0; n--) {
                Map.Entry<String, Deque<Delivery>> next = waiting.firstEntry();
                waiting.putLast(next.getKey(), next.getValue());
                hopeful.add(next.getKey());
            }
        }
        drain(ways);
    }

    /** As {@link #freed}, of all subscribers: now and then, for those of whose worker no call ends. */
    void look(Function<Delivery, @Nullable Runnable> ways) {
        if (!any) {
            return;
        }
        synchronized (this) {
            hopeful.addAll(waiting.keySet());
        }
        drain(ways);
    }

    private void drain(Function<Delivery, @Nullable Runnable> ways) {
        synchronized (this) {
            if (draining) {
                return; // who is at it takes these, too
            }
            draining = true;
        }
        boolean orderly = false;
        try {
            for (String subscriber = hopeful(); subscriber != null; subscriber = hopeful()) {
                drain(subscriber, ways);
            }
            orderly = true;
        } finally {
            if (!orderly) {
                stopDraining();
            }
        }
    }

    /** Null: no more; then another thread may begin. */
    private synchronized @Nullable String hopeful() {
        String next = hopeful.isEmpty() ? null : hopeful.removeFirst();
        draining = next != null;
        return next;
    }

    private synchronized void stopDraining() {
        draining = false;
    }

    private void drain(String subscriber, Function<Delivery, @Nullable Runnable> ways) {
        for (Delivery head = poll(subscriber); head != null; head = poll(subscriber)) {
            Runnable way = ways.apply(head);
            if (way == null) {
                putBack(subscriber, head);
                return;
            }
            letGo(head); // before: its worker may want room for it
            try {
                way.run();
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("function", head.call().functionId()).setCause(e).log("An event could not be handed over");
                drop(head);
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
                        late.add(letGo(delivery));
                    }
                }
            }
        }
        late.forEach(this::drop);
    }
}
