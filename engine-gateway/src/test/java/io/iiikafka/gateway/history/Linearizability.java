package io.iiikafka.gateway.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Whether a history is linearizable (Herlihy and Wing 1990): whether each call can be given an instant between its
 * invocation and its return so that, in the order of these instants, all answers are those of the model.
 *
 * <p>The search is that of Wing and Gong (1993): take any call that no other call precedes, let the model do it, go on
 * with the rest, and go back where no call fits. With Lowe's memory (2017) of the pairs of calls taken and state reached,
 * no such pair is tried twice. The calls and returns not yet taken stand in a doubly linked list in the order of time, out
 * of which a call is lifted with its return when it is taken and into which it is put back.
 */
public final class Linearizability<S, I, O> {

    /** After so many trials of a call the search is given up. */
    private static final long MOST_TRIALS = 5_000_000;

    /**
     * @param linearizable whether an order was found
     * @param stuck when none was: the calls that could be taken at the furthest point, the one that had to be by then first
     * @param trials how many calls were tried
     */
    public record Verdict<I, O>(boolean linearizable, List<Operation<I, O>> stuck, long trials) {}

    /** The call or the return of an operation, in the list. */
    private static final class Event<I, O> {

        final Operation<I, O> operation;
        final int number;
        final @Nullable Event<I, O> end;
        final boolean isCall;
        final long time;
        @Nullable Event<I, O> before;
        @Nullable Event<I, O> after;

        Event(Operation<I, O> operation, int number, boolean isCall, @Nullable Event<I, O> end) {
            this.operation = operation;
            this.number = number;
            this.isCall = isCall;
            this.end = end;
            this.time = isCall ? operation.invoked() : operation.returned();
        }

        /** Takes the call with its return out of the list; gives how many returns that are. */
        int take() {
            lift();
            if (end == null) {
                return 0;
            }
            end.lift();
            return 1;
        }

        /** Puts back what was taken out last. */
        int release() {
            if (end != null) {
                end.putBack();
            }
            putBack();
            return end == null ? 0 : 1;
        }

        private void lift() {
            before.after = after;
            if (after != null) {
                after.before = before;
            }
        }

        private void putBack() {
            before.after = this;
            if (after != null) {
                after.before = this;
            }
        }
    }

    /** A call that fits after those taken so far, and the state after it. */
    private record Next<S, I, O>(Event<I, O> call, S state) {}

    /** All calls before the first are taken, of the others those in the set, whose bit 0 is the first. */
    private record Reached<S>(int first, BitSet others, S state) {}

    private final SequentialModel<S, I, O> model;
    private final Set<Reached<S>> seen = new HashSet<>();
    private final BitSet taken = new BitSet();
    private final Deque<Event<I, O>> path = new ArrayDeque<>();
    private List<Operation<I, O>> stuck = List.of();
    private int furthest = -1;
    private long trials;

    private Linearizability(SequentialModel<S, I, O> model) {
        this.model = model;
    }

    /** @throws IllegalStateException when that cannot be told with bearable effort */
    public static <S, I, O> Verdict<I, O> check(SequentialModel<S, I, O> model, List<Operation<I, O>> history) {
        return new Linearizability<>(model).search(history);
    }

    private Verdict<I, O> search(List<Operation<I, O>> history) {
        long open = history.stream().filter(operation -> operation.output() != null).count();
        Event<I, O> head = list(history);
        Deque<Iterator<Next<S, I, O>>> choices = new ArrayDeque<>();
        if (open > 0) {
            choices.push(choices(head, model.start()));
        }
        while (open > 0 && !choices.isEmpty()) {
            if (choices.peek().hasNext()) {
                Next<S, I, O> next = choices.peek().next();
                taken.set(next.call.number);
                if (seen.add(reached(next.state))) {
                    path.push(next.call);
                    open -= next.call.take();
                    choices.push(choices(head, next.state));
                } else {
                    taken.clear(next.call.number);
                }
            } else {
                choices.pop();
                if (!path.isEmpty()) {
                    Event<I, O> last = path.pop();
                    taken.clear(last.number);
                    open += last.release();
                }
            }
        }
        return new Verdict<>(open == 0, open == 0 ? List.of() : stuck, trials);
    }

    private Reached<S> reached(S state) {
        int first = taken.nextClearBit(0);
        return new Reached<>(first, taken.get(first, Math.max(first, taken.length())), state);
    }

    /**
     * The calls that no other precedes and whose answers fit, by rank. A read is the only choice, since to take it later
     * makes nothing possible that is not possible after it.
     */
    private Iterator<Next<S, I, O>> choices(Event<I, O> head, S state) {
        List<Next<S, I, O>> fitting = new ArrayList<>();
        Event<I, O> event = head.after;
        for (; event != null && event.isCall; event = event.after) {
            if (++trials > MOST_TRIALS) {
                throw new IllegalStateException("undecided after " + MOST_TRIALS + " trials; " + furthest
                        + " calls fit, and then none of " + stuck);
            }
            I input = event.operation.input();
            O output = event.operation.output();
            S next = model.step(state, input, output);
            if (next != null && output != null && model.isRead(input, output)) {
                return List.of(new Next<>(event, next)).iterator();
            }
            if (next != null) {
                fitting.add(new Next<>(event, next));
            }
        }
        if (path.size() > furthest) {
            furthest = path.size();
            stuck = underWay(head, event);
        }
        fitting.sort(Comparator.comparingLong(next -> next.call.operation.rank()));
        return fitting.iterator();
    }

    private static <I, O> List<Operation<I, O>> underWay(Event<I, O> head, @Nullable Event<I, O> end) {
        List<Operation<I, O>> calls = new ArrayList<>();
        if (end != null) {
            calls.add(end.operation);
        }
        for (Event<I, O> event = head.after; event != end; event = event.after) {
            if (end == null || event.number != end.number) {
                calls.add(event.operation);
            }
        }
        return calls;
    }

    /** Head of the list of all events; what happens at the same time counts as concurrent. */
    private static <I, O> Event<I, O> list(List<Operation<I, O>> history) {
        List<Operation<I, O>> calls = new ArrayList<>(history);
        calls.sort(Comparator.comparingLong(Operation::invoked));
        List<Event<I, O>> events = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Operation<I, O> operation = calls.get(i);
            Event<I, O> end = operation.output() == null ? null : new Event<>(operation, i, false, null);
            events.add(new Event<>(operation, i, true, end));
            if (end != null) {
                events.add(end);
            }
        }
        events.sort(Comparator.<Event<I, O>>comparingLong(event -> event.time)
                .thenComparing(event -> event.isCall ? 0 : 1));
        Event<I, O> head = new Event<>(new Operation<>(null, null, 0, 0), -1, true, null);
        Event<I, O> last = head;
        for (Event<I, O> event : events) {
            last.after = event;
            event.before = last;
            last = event;
        }
        return head;
    }
}
