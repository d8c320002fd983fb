package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** Rows of lists from several pages: one after the other, or, of a sharded scope, as {@code [order,"key",row]} to be sorted. */
final class SpreadRows {

    private record Ordered(long order, RawJson key, RawJson row) {}

    private SpreadRows() {}

    /** A row with what is needed to find its place. */
    static RawJson row(String key, StateEntry entry, RawJson row) {
        return JsonBuilder.array(row.length() + key.length() + 32)
                .element(RawJson.of(Long.toString(entry.order())))
                .element(key)
                .element(row)
                .build();
    }

    static RawJson joined(List<RawJson> pages) {
        if (pages.size() == 1) {
            return pages.getFirst();
        }
        JsonBuilder all = JsonBuilder.array(pages.stream().mapToInt(RawJson::length).sum());
        pages.forEach(all::elementsOf);
        return all.build();
    }

    /** The rows that are wanted, as their keys were created. */
    static RawJson merge(List<RawJson> pages, Selection selection) {
        List<Ordered> rows = new ArrayList<>();
        pages.forEach(page -> page.forEachElement(row -> rows.add(ordered(row))));
        rows.sort(Comparator.comparingLong(Ordered::order));
        JsonBuilder list = JsonBuilder.array();
        rows.stream().skip(start(rows, selection)).limit(selection.limit()).forEach(row -> list.element(row.row));
        return list.build();
    }

    private static Ordered ordered(RawJson row) {
        List<RawJson> parts = new ArrayList<>(3);
        row.forEachElement(parts::add);
        return new Ordered(Long.parseLong(parts.get(0).toString()), parts.get(1), parts.get(2));
    }

    private static int start(List<Ordered> rows, Selection selection) {
        if (selection.after() != null) {
            for (int i = 0; i < rows.size(); i++) {
                if (selection.after().equals(rows.get(i).key.text())) {
                    return i + 1;
                }
            }
        }
        return 0;
    }
}
