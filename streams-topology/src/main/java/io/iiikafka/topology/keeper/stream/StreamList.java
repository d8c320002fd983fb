package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::list}: the bare values of a group as they were first set (spec: stream.md 3.5, 13.10). */
final class StreamList extends StreamFunction {

    StreamList() {
        super("stream::list", "List the items of a group", StreamSchemas.LIST_REQUEST, null);
    }

    /** An item with its id. */
    private record Row(String id, StreamItem item) {

        /** {@code {"id","value","version","offset"}}. */
        RawJson toJson() {
            return JsonBuilder.object(item.value().length() + id.length() + 80)
                    .member("id", id)
                    .member("value", item.value())
                    .member("version", item.offset())
                    .member("offset", item.offset())
                    .build();
        }
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        String prefix = input.optionalText("prefix");
        String after = input.optionalText("after");
        long limit = input.integer("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        StreamItem last = after == null ? null : draft.get(group, after);
        long from = last == null ? Long.MIN_VALUE : last.order();
        boolean withIds = input.flag("include_ids");
        List<Row> rows = new ArrayList<>();
        draft.stores().forEachItem(group, (id, item) -> {
            if (item.order() > from && (prefix == null || id.startsWith(prefix))) {
                rows.add(new Row(id, item));
            }
        });
        JsonBuilder list = JsonBuilder.array();
        rows.stream()
                .sorted(Comparator.comparingLong(row -> row.item().order()))
                .limit(limit)
                .forEach(row -> list.element(withIds ? row.toJson() : row.item().value()));
        return new Outcome.Success(list.build());
    }
}
