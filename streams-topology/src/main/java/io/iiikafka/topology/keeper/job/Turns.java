package io.iiikafka.topology.keeper.job;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The jobs of a queue that wait for nothing but their turn, by whom they call. Targets that nobody serves stand aside until
 * they are looked at again, so that what a command costs does not depend on how many there are.
 */
final class Turns {

    private final TreeSet<Target> open = new TreeSet<>(Comparator.comparing(Target::first));
    private final PriorityQueue<Target> aside = new PriorityQueue<>(Comparator.comparingLong(Target::asideUntilMs));

    void add(Entry entry) {
        Target target = entry.target();
        boolean leads = target.ready().isEmpty() || entry.compareTo(target.first()) < 0;
        if (target.isAside() || !leads) {
            target.ready().add(entry);
            return;
        }
        if (!target.ready().isEmpty()) {
            open.remove(target);
        }
        target.ready().add(entry);
        open.add(target);
    }

    void remove(Entry entry) {
        Target target = entry.target();
        boolean led = !target.isAside() && !target.ready().isEmpty() && target.first().equals(entry);
        if (led) {
            open.remove(target);
        }
        target.ready().remove(entry);
        if (led && !target.ready().isEmpty()) {
            open.add(target);
        }
    }

    /** Whose turn it is, whether somebody serves its function or not; null: nobody's. */
    @Nullable Entry first() {
        return open.isEmpty() ? null : open.first().first();
    }

    /** Those that do not stand aside, by whose turn is first. */
    List<Target> open() {
        return List.copyOf(open);
    }

    /** The target has no turn until then. */
    void putAside(Target target, long untilMs) {
        open.remove(target);
        target.asideUntil(Math.max(untilMs, 1));
        aside.add(target);
    }

    /** Those that have stood aside for long enough are there again; gives when the next one is to be. */
    long reopen(long nowMs) {
        while (!aside.isEmpty() && aside.element().asideUntilMs() <= nowMs) {
            Target target = aside.remove();
            target.asideUntil(0);
            if (!target.ready().isEmpty()) {
                open.add(target);
            }
        }
        return aside.isEmpty() ? Long.MAX_VALUE : aside.element().asideUntilMs();
    }
}
