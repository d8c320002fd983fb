package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code stream::list}: the bare values of a group as they were first set (spec: stream.md 3.5, 13.10). Gateways read it in
 * pages, so that a long group holds nobody up.
 */
final class StreamList extends StreamFunction {

    private final long mostBytes;

    /** @param mostBytes of an answer */
    StreamList(long mostBytes) {
        super("stream::list", "List the items of a group", StreamSchemas.LIST_REQUEST, null);
        this.mostBytes = mostBytes;
    }

    @Override
    Placement placement(Input input) {
        ListWish wish = ListWish.of(input);
        return new Placement.Listing(
                group(input).recordKey(),
                StreamListPart.ID,
                StreamListNext.ID,
                mostBytes,
                "ask for a part of it by `limit` and `after`",
                wish::merge);
    }

    /** All at once: gateways ask for pages instead. */
    @Override
    Outcome decide(Input input, StreamDraft draft) {
        ListWish wish = ListWish.of(input);
        try (OpenList list = OpenList.of(group(input), wish, draft)) {
            Page all = list.next(OpenList.ALL, "");
            return new Outcome.Success(wish.merge(List.of(all.rows())));
        }
    }
}
