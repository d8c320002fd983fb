package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * Which items of a group are wanted of {@code stream::list}, and how they are shown (spec: stream.md 13.10).
 *
 * @param after the id of the item after which the list begins; null, or one that is not there: it begins with the first
 */
record ListWish(@Nullable String prefix, @Nullable String after, long limit, boolean withIds) {

    /** All of a group. */
    static final ListWish ALL = new ListWish(null, null, Integer.MAX_VALUE, false);

    private record Placed(long order, RawJson row) {}

    static ListWish of(Input input) {
        return new ListWish(
                input.optionalText("prefix"),
                input.optionalText("after"),
                input.integer("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE),
                input.flag("include_ids"));
    }

    boolean isOf(String id) {
        return prefix == null || id.startsWith(prefix);
    }

    /** The value, or with ids {@code {"id","value","version","offset"}}. */
    RawJson row(String id, StreamItem item) {
        return !withIds
                ? item.value()
                : JsonBuilder.object(item.value().length() + id.length() + 80)
                        .member("id", id)
                        .member("value", item.value())
                        .member("version", item.offset())
                        .member("offset", item.offset())
                        .build();
    }

    /** A row of a page: {@code [order,row]}. */
    static RawJson placed(long order, RawJson row) {
        return JsonBuilder.array(row.length() + 24)
                .element(RawJson.of(Long.toString(order)))
                .element(row)
                .build();
    }

    /** The rows of all pages, as their items were first set. */
    RawJson merge(List<RawJson> pages) {
        List<Placed> rows = new ArrayList<>();
        pages.forEach(page -> page.forEachElement(row -> {
            List<RawJson> parts = new ArrayList<>(2);
            row.forEachElement(parts::add);
            rows.add(new Placed(Long.parseLong(parts.get(0).toString()), parts.get(1)));
        }));
        rows.sort(Comparator.comparingLong(Placed::order));
        JsonBuilder list = JsonBuilder.array(pages.stream().mapToInt(RawJson::length).sum());
        rows.stream().limit(limit).forEach(placed -> list.element(placed.row()));
        return list.build();
    }
}
