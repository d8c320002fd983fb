package io.iiikafka.topology.keeper.stream;

import java.util.LinkedHashMap;
import java.util.Map;

import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The lists of one partition whose next page nobody has asked for yet. They are in memory only: who asks after a restart is
 * told that the list is not known any more, and begins anew. Each keeps what was there from being cleared away on disk, so
 * that their number and life are bounded.
 */
final class OpenLists {

    private static final int MOST = 64;
    private static final long LIFE_MS = 60_000;

    private static final class Open {

        private final OpenPages list;
        private long touchedMs;

        Open(OpenPages list, long touchedMs) {
            this.list = list;
            this.touchedMs = touchedMs;
        }
    }

    /** Those used last are last. */
    private final Map<String, Open> byCursor = new LinkedHashMap<>(16, 0.75f, true);

    /** The first page; the list stays open when there are more. */
    Page first(OpenPages list, String cursor, long nowMs) {
        Page page;
        try {
            page = list.next(OpenPages.PAGE, cursor);
        } catch (Refusal refusal) {
            list.close();
            throw refusal;
        }
        if (page.next() == null) {
            list.close();
        } else {
            byCursor.put(cursor, new Open(list, nowMs));
            if (byCursor.size() > MOST) {
                close(byCursor.keySet().iterator().next());
            }
        }
        return page;
    }

    /** Null: the list is not known. */
    @Nullable Page next(String cursor, long nowMs) {
        Open open = byCursor.get(cursor);
        if (open == null) {
            return null;
        }
        open.touchedMs = nowMs;
        Page page;
        try {
            page = open.list.next(OpenPages.PAGE, cursor);
        } catch (Refusal refusal) {
            close(cursor);
            throw refusal;
        }
        if (page.next() == null) {
            close(cursor);
        }
        return page;
    }

    void close(String cursor) {
        Open open = byCursor.remove(cursor);
        if (open != null) {
            open.list.close();
        }
    }

    /** Closes those that were left. */
    void sweep(long nowMs) {
        while (!byCursor.isEmpty()) {
            Map.Entry<String, Open> eldest = byCursor.entrySet().iterator().next();
            if (eldest.getValue().touchedMs + LIFE_MS > nowMs) {
                return;
            }
            close(eldest.getKey());
        }
    }
}
