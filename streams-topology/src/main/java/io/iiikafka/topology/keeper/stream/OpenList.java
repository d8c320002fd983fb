package io.iiikafka.topology.keeper.stream;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BiPredicate;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Page;
import org.jspecify.annotations.Nullable;

/**
 * A group's items as they were when it was opened, given out in pages while the group goes on changing: what the store's
 * iterator shows does not change. Pages come by id; the {@linkplain ListWish#merge merge} puts them in order.
 */
final class OpenList implements OpenPages {

    /** So many are kept here until it is known which are the first; of a longer limit all are given out. */
    private static final int SHORT_LIMIT = 1_000;

    private record Row(long order, RawJson row) {}

    private final ListWish wish;
    private final BiPredicate<String, StreamItem> filter;
    private final long from;
    private final ItemScan items;
    private final @Nullable PriorityQueue<Row> first;

    private OpenList(ListWish wish, BiPredicate<String, StreamItem> filter, long from, ItemScan items) {
        this.wish = wish;
        this.filter = filter;
        this.from = from;
        this.items = items;
        this.first = wish.limit() > SHORT_LIMIT
                ? null
                : new PriorityQueue<>(Comparator.comparingLong(Row::order).reversed());
    }

    static OpenList of(StreamGroup group, ListWish wish, StreamDraft draft) {
        return of(group, wish, (id, item) -> true, draft);
    }

    /** @param filter of ids and items */
    static OpenList of(StreamGroup group, ListWish wish, BiPredicate<String, StreamItem> filter, StreamDraft draft) {
        StreamItem last = wish.after() == null ? null : draft.get(group, wish.after());
        return new OpenList(wish, filter, last == null ? Long.MIN_VALUE : last.order(), draft.stores().scan(group));
    }

    @Override
    public Page next(Measure most, String cursor) {
        JsonBuilder rows = JsonBuilder.array();
        int count = 0;
        int bytes = 0;
        int looked = 0;
        while (items.next()) {
            StreamItem item = items.item();
            if (item.order() > from && wish.isOf(items.id()) && filter.test(items.id(), item)) {
                RawJson row = wish.row(items.id(), item);
                if (first == null) {
                    rows.element(ListWish.placed(item.order(), row));
                    count++;
                    bytes += row.length();
                } else {
                    keep(first, new Row(item.order(), row));
                }
            }
            looked++;
            if (count >= most.rows() || bytes >= most.bytes() || looked >= most.items()) {
                return new Page(rows.build(), cursor, 0);
            }
        }
        if (first != null) {
            first.forEach(row -> rows.element(ListWish.placed(row.order(), row.row())));
        }
        return new Page(rows.build(), null, 0);
    }

    private void keep(PriorityQueue<Row> kept, Row row) {
        kept.add(row);
        if (kept.size() > wish.limit()) {
            kept.poll();
        }
    }

    @Override
    public void close() {
        items.close();
    }
}
