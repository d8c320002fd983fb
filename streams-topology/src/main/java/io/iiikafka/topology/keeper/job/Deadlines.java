package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** When to look after which job. */
final class Deadlines {

    private record Deadline(long ms, Entry entry) {}

    private final TreeSet<Deadline> all = new TreeSet<>(
            Comparator.comparingLong(Deadline::ms).thenComparingLong(each -> each.entry().number()));

    void add(long ms, Entry entry) {
        all.add(new Deadline(ms, entry));
    }

    void remove(long ms, Entry entry) {
        all.remove(new Deadline(ms, entry));
    }

    /** {@link Long#MAX_VALUE}: there is none. */
    long firstMs() {
        return all.isEmpty() ? Long.MAX_VALUE : all.getFirst().ms();
    }

    /** Takes out the first ones up to that time. */
    List<Entry> take(long nowMs, int most) {
        List<Entry> taken = new ArrayList<>();
        while (taken.size() < most && firstMs() <= nowMs) {
            taken.add(all.removeFirst().entry());
        }
        return taken;
    }
}
