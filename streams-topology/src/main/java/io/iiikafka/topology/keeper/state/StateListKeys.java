package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;

/** {@code state::list_keys}: the keys of a scope in the order of its list (spec: state.md 7.1). */
final class StateListKeys extends ListingFunction {

    StateListKeys(Partitioning partitioning) {
        super("state::list_keys", "List the keys of a scope", partitioning);
    }

    @Override
    void check(Input input) {
        Selection.of(input);
    }

    @Override
    RawJson answer(Input input, List<Row> rows) {
        JsonBuilder keys = JsonBuilder.array();
        Selection.of(input).select(rows).forEach(row -> keys.element(row.key()));
        return JsonBuilder.object().member("keys", keys.build()).build();
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.SCOPE;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.KEYS;
    }
}
