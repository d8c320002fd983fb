package io.iiikafka.gateway.invocation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait until the condition of the one before them is answered: one queue for each subject. All have their
 * payloads in memory, so what waits is bounded in number and bytes. The first of a queue does not wait, and its bytes are
 * counted where the condition is called. Any thread.
 */
final class ConditionQueues {

    /** What becomes of a delivery that comes. */
    enum Place {
        /** Its turn is now; {@link #next} must follow. */
        FIRST,
        /** Its turn comes. */
        WAITS,
        /** Too much waits already. */
        NO_ROOM
    }

    /** @param turn asks the condition */
    record Waiting(Delivery delivery, Runnable turn) {}

    private final Map<String, ArrayDeque<Waiting>> queues = new ConcurrentHashMap<>();
    private final LargePayloads room;
    private final int most;
    private final AtomicInteger number = new AtomicInteger();

    /**
     * @param room for the payloads of all that wait, small ones too
     * @param most that may wait, of all subjects together
     */
    ConditionQueues(LargePayloads room, int most) {
        this.room = room;
        this.most = most;
    }

    /** For people. */
    String limits() {
        return room.limit() + " bytes (half of limits.in_flight_bytes), or be more than " + most
                + " calls (limits.in_flight_per_gateway)";
    }

    Place enter(String subject, Waiting comes) {
        Place[] place = new Place[1];
        queues.compute(subject, (key, waiting) -> {
            if (waiting == null) {
                place[0] = Place.FIRST;
                return new ArrayDeque<>();
            }
            boolean fits = waiting.size() <= most / 2 && take(comes.delivery()); // others have their part
            place[0] = fits ? Place.WAITS : Place.NO_ROOM;
            if (fits) {
                waiting.add(comes);
            }
            return waiting;
        });
        return place[0];
    }

    private boolean take(Delivery delivery) {
        if (number.incrementAndGet() <= most && room.take(delivery.call())) {
            return true;
        }
        number.decrementAndGet();
        return false;
    }

    private Waiting letGo(Waiting waiting) {
        number.decrementAndGet();
        room.giveBack(waiting.delivery().call());
        return waiting;
    }

    /** The turn of the first is over; gives the one whose turn is now, or null. */
    @Nullable Waiting next(String subject) {
        Waiting[] next = new Waiting[1];
        queues.computeIfPresent(subject, (key, waiting) -> {
            next[0] = waiting.poll();
            return next[0] == null ? null : waiting;
        });
        return next[0] == null ? null : letGo(next[0]);
    }

    /** Takes out those whose deadline has passed. */
    List<Delivery> expire(long nowMs) {
        List<Delivery> late = new ArrayList<>();
        if (number.get() == 0) {
            return late;
        }
        for (String subject : queues.keySet()) {
            queues.computeIfPresent(subject, (key, waiting) -> {
                for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                    Waiting next = each.next();
                    if (next.delivery().call().deadlineMs() < nowMs) {
                        each.remove();
                        late.add(letGo(next).delivery());
                    }
                }
                return waiting; // even if it is empty: the turn of the first is not over
            });
        }
        return late;
    }

    /** Forgets all that wait. */
    void clear() {
        for (String subject : queues.keySet()) {
            queues.computeIfPresent(subject, (key, waiting) -> {
                waiting.forEach(this::letGo);
                return null;
            });
        }
    }
}
