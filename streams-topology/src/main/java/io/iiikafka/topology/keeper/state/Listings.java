package io.iiikafka.topology.keeper.state;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;

/**
 * The listings of one partition whose next page nobody has asked for yet. They are in memory only: who asks after a restart
 * is told that the listing is not known any more, and begins anew.
 */
final class Listings {

    private static final int MOST = 256;
    private static final long MOST_KEPT_BYTES = 8L * 1024 * 1024;

    /** Of forks: two of the largest. */
    private static final long MOST_COPIED_BYTES = 100L * 1024 * 1024;

    /** Longer than cursors of {@code state::list_entries} are good for. */
    private static final long LIFE_MS = 150_000;

    private static final class Open {

        final Listing listing;
        long touchedMs;

        Open(Listing listing, long touchedMs) {
            this.listing = listing;
            this.touchedMs = touchedMs;
        }
    }

    private final StateView view;
    private final Map<String, Open> byCursor = new HashMap<>();

    Listings(StateView view) {
        this.view = view;
    }

    /** The first page; the listing stays open when there are more and somebody can ask for them. */
    Outcome first(Listing listing, Command command) {
        String cursor = command.position();
        Page page = ListingFunction.page(listing, view, cursor);
        if (page.next() != null) {
            makeRoom(command.timestampMs(), listing.copiedBytes());
            byCursor.put(cursor, new Open(listing, command.timestampMs()));
        }
        return new Outcome.Success(page.toJson());
    }

    Outcome next(Input input, Command command) {
        String cursor = input.text("cursor");
        Open open = byCursor.get(cursor);
        if (open == null) {
            return new Outcome.Success(RawJson.NULL);
        }
        if (input.flag("close")) {
            byCursor.remove(cursor);
            return new Outcome.Success(RawJson.NULL);
        }
        open.touchedMs = command.timestampMs();
        Page page = ListingFunction.page(open.listing, view, cursor);
        if (page.next() == null) {
            byCursor.remove(cursor);
        }
        return new Outcome.Success(page.toJson());
    }

    /** Hears of changes before they are made. */
    void keep(List<StateChange> changes) {
        if (byCursor.isEmpty()) {
            return;
        }
        for (Open open : byCursor.values()) {
            changes.forEach(open.listing::keep);
        }
        while (byCursor.values().stream().mapToLong(open -> open.listing.keptBytes()).sum() > MOST_KEPT_BYTES) {
            byCursor.values().remove(Collections.max(
                    byCursor.values(), Comparator.comparingLong(open -> open.listing.keptBytes())));
        }
    }

    private void makeRoom(long nowMs, long copiedBytes) {
        byCursor.values().removeIf(open -> open.touchedMs + LIFE_MS < nowMs);
        if (byCursor.size() >= MOST) {
            removeOldest(byCursor.values());
        }
        while (copiedBytes > 0 && copiedBytes() + copiedBytes > MOST_COPIED_BYTES && copiedBytes() > 0) {
            removeOldest(byCursor.values().stream().filter(open -> open.listing.copiedBytes() > 0).toList());
        }
    }

    private long copiedBytes() {
        return byCursor.values().stream().mapToLong(open -> open.listing.copiedBytes()).sum();
    }

    private void removeOldest(Collection<Open> some) {
        byCursor.values().remove(Collections.min(some, Comparator.comparingLong(open -> open.touchedMs)));
    }
}
