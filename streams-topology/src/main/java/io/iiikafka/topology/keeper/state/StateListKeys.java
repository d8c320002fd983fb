package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;

/** {@code state::list_keys}: the keys of a scope in the order of its list (spec: state.md 7.1). */
final class StateListKeys extends ListingFunction {

    StateListKeys(Partitioning partitioning, RecordLimit limit) {
        super("state::list_keys", "List the keys of a scope", partitioning, limit);
    }

    @Override
    RawJson row(Input input, String key, StateEntry entry) {
        return RawJson.ofValue(key);
    }

    @Override
    RawJson answer(RawJson rows) {
        return JsonBuilder.object(rows.length() + 32).member("keys", rows).build();
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
