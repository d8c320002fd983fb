package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::list}: the bare values of a scope as they were first set (spec: state.md 3.5); with {@code include_keys}
 * rows of {@code {"key","value","version"}}, and {@code prefix}, {@code after} and {@code limit} to get some of them
 * (12.2).
 */
final class StateList extends ListingFunction {

    StateList(Partitioning partitioning) {
        super("state::list", "List the values of a scope", partitioning);
    }

    @Override
    void check(Input input) {
        Selection.of(input);
        input.flag("include_keys");
    }

    @Override
    RawJson answer(Input input, List<Row> rows) {
        boolean withKeys = input.flag("include_keys");
        JsonBuilder list = JsonBuilder.array();
        for (Row row : Selection.of(input).select(rows)) {
            list.element(withKeys ? keyed(row) : row.value());
        }
        return list.build();
    }

    private static RawJson keyed(Row row) {
        return JsonBuilder.object(row.value().length() + 64)
                .member("key", row.key())
                .member("value", row.value())
                .member("version", row.version())
                .build();
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.LIST_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
