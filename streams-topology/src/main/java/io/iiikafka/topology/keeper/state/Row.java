package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.update.JsonTree;

/** One key of a listed scope. */
record Row(String key, RawJson value, long order, long version) {

    private static final Comparator<Row> BY_ORDER = Comparator.comparingLong(Row::order);

    /** All keys of a scope, as they were first set. */
    static List<Row> of(StateView view, String scope) {
        List<Row> rows = new ArrayList<>();
        view.forEach(scope, (key, entry) -> rows.add(new Row(key, entry.value(), entry.order(), entry.version())));
        rows.sort(BY_ORDER);
        return rows;
    }

    /** The rows as a part of the answer about a scope that is spread over partitions. */
    static RawJson part(List<Row> rows) {
        JsonBuilder part = JsonBuilder.array();
        for (Row row : rows) {
            part.element(JsonBuilder.array()
                    .element(row.key)
                    .element(row.value)
                    .element(RawJson.of(Long.toString(row.order)))
                    .element(RawJson.of(Long.toString(row.version)))
                    .build());
        }
        return part.build();
    }

    /** The rows of all parts, as they were first set. */
    static List<Row> ofParts(List<RawJson> parts) {
        List<Row> rows = new ArrayList<>();
        for (RawJson part : parts) {
            for (JsonNode row : JsonTree.read(part)) {
                rows.add(new Row(
                        row.get(0).textValue(),
                        JsonTree.write(row.get(1)),
                        row.get(2).longValue(),
                        row.get(3).longValue()));
            }
        }
        rows.sort(BY_ORDER);
        return rows;
    }
}
