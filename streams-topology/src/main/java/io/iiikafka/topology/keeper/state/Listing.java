package io.iiikafka.topology.keeper.state;

import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A scope's list as it was at one moment, given out page by page while the scope goes on changing: of what is changed before
 * it was given out, the listing {@linkplain #keep keeps} what was there.
 *
 * <p>That is a snapshot (spec: state.md 6.8) at the cost of the changes that are made meanwhile, whatever the length of the
 * list. Keys created meanwhile have a higher order than the last that is wanted.
 */
final class Listing {

    /** How much a page may have, and how many keys may be looked at for it. */
    record Measure(int rows, int bytes, int keys) {}

    /** Takes about a millisecond. */
    static final Measure PAGE = new Measure(256, 64 * 1024, 2_000);

    static final Measure ALL = new Measure(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /**
     * @param rows an array
     * @param done whether these were the last
     */
    record Rows(RawJson rows, boolean done) {}

    /** A key in its place. */
    record Place(long order, String key) {}

    private record Former(String key, StateEntry entry) {}

    private static final int READ_AT_ONCE = 256;

    private final String scope;
    private final String prefix;
    private final long end;
    private final long nowMs;
    private final long total;
    private final BiFunction<String, StateEntry, RawJson> row;
    private final NavigableMap<Long, Former> former = new TreeMap<>();
    private long given;
    private long wanted;
    private boolean begun;
    private long keptBytes;
    private long copiedBytes;

    /**
     * @param draft of the command that begins it; of a fork, which shows keys of others, all is kept from the beginning
     */
    Listing(String scope, Selection selection, StateDraft draft, BiFunction<String, StateEntry, RawJson> row) {
        StateView view = draft.view();
        this.scope = scope;
        this.nowMs = draft.nowMs();
        this.prefix = selection.prefix();
        this.end = view.scope(scope).lastOrder();
        this.row = row;
        this.wanted = selection.limit();
        this.given = selection.after() == null ? 0 : order(draft, new StateKey(scope, selection.after()));
        if (Fork.find(view, scope) != null) {
            view.forEach(scope, (key, entry) -> {
                former.put(entry.order(), new Former(key, entry));
                copiedBytes += bytes(key, entry);
            });
            this.total = former.values().stream().filter(each -> each.entry().isThere(nowMs)).count();
            former.headMap(given, true).clear();
        } else {
            this.total = view.scope(scope).keys();
        }
    }

    /** Where a key stands, or stood before it was removed, which the history tells; 0: not known. */
    private static long order(StateDraft draft, StateKey key) {
        StateEntry shown = draft.view().get(key);
        StateEntry entry = shown == null ? draft.view().own(key) : shown; // over, and still there
        if (entry != null) {
            return entry.order();
        }
        RawJson last = draft.history().last(key, Long.MAX_VALUE);
        return last == null ? 0 : ChangeRecord.orderBefore(last);
    }

    /** Hears of a change before it is made. */
    void keep(StateChange change) {
        StateEntry before = change.before();
        if (before != null
                && change.key().scope().equals(scope)
                && before.order() > given
                && before.order() <= end
                && former.putIfAbsent(before.order(), new Former(change.key().key(), before)) == null) {
            keptBytes += bytes(change.key().key(), before);
        }
    }

    private static long bytes(String key, StateEntry entry) {
        return 100L + entry.value().length() + key.length();
    }

    /** What it holds of a fork took about so many bytes when it was begun. */
    long copiedBytes() {
        return copiedBytes;
    }

    String scope() {
        return scope;
    }

    /** How many keys the scope had when the listing was begun. */
    long total() {
        return total;
    }

    /** Whether nothing has been given out yet. */
    boolean isFresh() {
        return !begun;
    }

    /** What it keeps takes about so many bytes. */
    long keptBytes() {
        return keptBytes;
    }

    /** The rows that follow. */
    Rows next(StateView view, Measure most) {
        begun = true;
        JsonBuilder rows = JsonBuilder.array();
        int count = 0;
        int bytes = 0;
        int looked = 0;
        while (wanted > 0) {
            List<Place> places = view.keys(scope, given, end, READ_AT_ONCE);
            Iterator<Place> merged = merged(places);
            while (merged.hasNext()) {
                if (count >= most.rows() || bytes >= most.bytes() || looked >= most.keys()) {
                    return new Rows(rows.build(), false);
                }
                Place place = merged.next();
                looked++;
                StateEntry entry = place.key().startsWith(prefix) ? entry(view, place) : null;
                if (entry != null && !entry.isThere(nowMs)) {
                    entry = null;
                }
                given = place.order();
                if (entry != null) {
                    RawJson element = row.apply(place.key(), entry);
                    rows.element(element);
                    count++;
                    bytes += element.length();
                    if (--wanted == 0) {
                        return new Rows(rows.build(), true);
                    }
                }
            }
            if (places.size() < READ_AT_ONCE) {
                break;
            }
        }
        return new Rows(rows.build(), true);
    }

    private @Nullable StateEntry entry(StateView view, Place place) {
        Former kept = former.remove(place.order());
        if (kept == null) {
            return view.get(new StateKey(scope, place.key()));
        }
        keptBytes = Math.max(0, keptBytes - kept.entry().value().length() - kept.key().length() - 100);
        return kept.entry();
    }

    /** With the keys that have been removed meanwhile, as far as the places reach. */
    private Iterator<Place> merged(List<Place> places) {
        long until = places.size() < READ_AT_ONCE ? end : places.getLast().order();
        if (former.isEmpty() || given >= until) {
            return places.iterator();
        }
        NavigableMap<Long, Place> all = new TreeMap<>();
        former.subMap(given, false, until, true).forEach((order, kept) -> all.put(order, new Place(order, kept.key())));
        places.forEach(place -> all.put(place.order(), place));
        return all.values().iterator();
    }
}
