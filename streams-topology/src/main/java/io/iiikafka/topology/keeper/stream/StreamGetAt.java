package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::get_at}: an item, or all items of a group, as they were right after an offset or at a time (spec:
 * stream.md 13.3). Gateways read it in pages, because the whole log may have to be looked at.
 */
final class StreamGetAt extends LogFunction {

    private final long mostBytes;

    /** @param mostBytes of an answer */
    StreamGetAt(ReplaySettings settings, long mostBytes) {
        super("stream::get_at", "Items as they once were", StreamSchemas.GET_AT_REQUEST, null, settings);
        this.mostBytes = mostBytes;
    }

    @Override
    Placement placement(Input input) {
        boolean one = input.optionalText("item_id") != null;
        return new Placement.Listing(
                group(input).recordKey(),
                StreamGetAtPart.ID,
                StreamListNext.ID,
                mostBytes,
                "ask for one item by `item_id`",
                pages -> answer(pages, one));
    }

    /** All at once: gateways ask for pages instead. */
    @Override
    Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        try (OpenPast past = open(input, draft, group, bounds)) {
            Page all = past.next(OpenPages.ALL, "");
            return new Outcome.Success(answer(List.of(all.rows()), input.optionalText("item_id") != null));
        }
    }

    static OpenPast open(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        long at = at(input, draft.stores().log(), group, bounds);
        if (at < bounds.earliest() - 1 || at > bounds.latest()) {
            throw LogStart.outOfRange(at, bounds);
        }
        return OpenPast.of(group, input.optionalText("item_id"), bounds, at, draft.stores());
    }

    private static long at(Input input, StreamLog log, StreamGroup group, StreamLog.Bounds bounds) {
        long offset = input.integer("offset", 0, Long.MAX_VALUE, -1);
        long timestamp = input.integer("timestamp", 0, Long.MAX_VALUE, -1);
        if (offset < 0 == timestamp < 0) {
            throw input.misfit("one of `offset` and `timestamp` must be given");
        }
        return offset >= 0 ? offset : log.offsetAt(group, bounds, timestamp + 1) - 1;
    }

    private record Then(long order, RawJson row) {}

    /** Of all pages: the offset, and an item or all of them as they were first set. */
    private static RawJson answer(List<RawJson> pages, boolean one) {
        List<RawJson> rows = new ArrayList<>();
        pages.forEach(page -> page.forEachElement(rows::add));
        RawJson at = rows.removeFirst();
        List<RawJson> then = rows.stream()
                .map(StreamGetAt::then)
                .sorted(Comparator.comparingLong(Then::order))
                .map(Then::row)
                .toList();
        return one ? item(then.isEmpty() ? null : then.getFirst(), at) : items(then, at);
    }

    private static Then then(RawJson row) {
        List<RawJson> parts = new ArrayList<>(2);
        row.forEachElement(parts::add);
        return new Then(Long.parseLong(parts.get(0).toString()), parts.get(1));
    }

    private static RawJson item(@Nullable RawJson row, RawJson at) {
        return JsonBuilder.object()
                .member("value", row == null ? RawJson.NULL : Input.of("item", row).require("value"))
                .member("exists", row != null)
                .member("offset", at)
                .build();
    }

    private static RawJson items(List<RawJson> rows, RawJson at) {
        JsonBuilder values = JsonBuilder.array();
        rows.forEach(values::element);
        return JsonBuilder.object().member("values", values.build()).member("offset", at).build();
    }
}
