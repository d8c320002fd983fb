package io.iiikafka.gateway.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Page;
import org.jspecify.annotations.Nullable;

/** What is left of listings whose next page nobody has asked for yet. Any thread. */
final class EntrySnapshots {

    private static final long LIFE_MS = 120_000;
    private static final long MOST_BYTES = 128L * 1024 * 1024;
    private static final int MOST = 256;

    /**
     * @param rows that have been read and not given out
     * @param given how many have been given out
     * @param total how many there are in all
     * @param cursor the keeper's, for those that have not been read; null: all have been
     * @param owner the key of the partition where the cursor is known
     */
    record Rest(List<RawJson> rows, long given, long total, @Nullable String cursor, String owner) {

        long bytes() {
            return rows.stream().mapToLong(RawJson::length).sum();
        }

        /** Without those that are given out now. */
        Rest after(int count) {
            return new Rest(List.copyOf(rows.subList(count, rows.size())), given + count, total, cursor, owner);
        }

        /** With those that have been read in addition; the first page says how many there are in all. */
        Rest with(List<RawJson> more, Page page) {
            List<RawJson> all = Stream.concat(rows.stream(), more.stream()).toList();
            return new Rest(all, given, Math.max(total, page.total()), page.next(), owner);
        }
    }

    private record Kept(EntryPage page, Rest rest, long bytes, long untilMs) {}

    private final Map<String, Kept> byCursor = new HashMap<>();
    private final LongSupplier clock;
    private long bytes;

    EntrySnapshots(LongSupplier clock) {
        this.clock = clock;
    }

    /** Gives the cursor for what follows. */
    synchronized String keep(EntryPage page, Rest rest) {
        dropOld();
        long size = rest.bytes();
        if (byCursor.size() >= MOST || bytes + size > MOST_BYTES) {
            throw EntryPage.refusal(
                    ErrorCode.SNAPSHOT_CAPACITY, "too many listings wait for their next page; retry in a while");
        }
        String cursor = UUID.randomUUID().toString();
        byCursor.put(cursor, new Kept(page, rest, size, clock.getAsLong() + LIFE_MS));
        bytes += size;
        return cursor;
    }

    /** Takes out what the page's cursor stands for: it is good for one use. */
    synchronized Rest take(EntryPage page) {
        dropOld();
        Kept kept = byCursor.get(page.cursor());
        if (kept == null || !page.continues(kept.page())) {
            throw EntryPage.refusal(
                    ErrorCode.INVALID_CURSOR,
                    "the cursor was used, is older than " + LIFE_MS / 1000 + " s, or is of another scope, caller or limit;"
                            + " start over without one");
        }
        byCursor.remove(page.cursor());
        bytes -= kept.bytes();
        return kept.rest();
    }

    private void dropOld() {
        long now = clock.getAsLong();
        byCursor.values().removeIf(kept -> {
            boolean old = kept.untilMs() < now;
            bytes -= old ? kept.bytes() : 0;
            return old;
        });
    }
}
