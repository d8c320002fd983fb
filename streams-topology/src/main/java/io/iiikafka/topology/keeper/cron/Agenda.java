package io.iiikafka.topology.keeper.cron;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/** What is to be done when, in epoch milliseconds; each thing once. In memory, because stores tell it again. */
final class Agenda {

    private record Item(long ms, String what) {}

    private final TreeSet<Item> items =
            new TreeSet<>(Comparator.comparingLong(Item::ms).thenComparing(Item::what));
    private final Map<String, Item> byWhat = new HashMap<>();

    /** In place of any other time for it; {@link Timing#NEVER}: not at all. */
    void set(String what, long ms) {
        remove(what);
        if (ms != Timing.NEVER) {
            Item item = new Item(ms, what);
            items.add(item);
            byWhat.put(what, item);
        }
    }

    void remove(String what) {
        Item item = byWhat.remove(what);
        if (item != null) {
            items.remove(item);
        }
    }

    /** Takes out the first that is due; null: nothing is. */
    @Nullable String poll(long nowMs) {
        if (firstMs() > nowMs) {
            return null;
        }
        String what = items.first().what();
        remove(what);
        return what;
    }

    /** {@link Timing#NEVER} when nothing is to be done. */
    long firstMs() {
        return items.isEmpty() ? Timing.NEVER : items.first().ms();
    }
}
