package io.iiikafka.topology.keeper.state;

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

    StateList(Partitioning partitioning, RecordLimit limit) {
        super("state::list", "List the values of a scope", partitioning, limit);
    }

    @Override
    void check(Input input) {
        Selection.of(input);
        input.flag("include_keys");
    }

    @Override
    RawJson row(Input input, String key, StateEntry entry) {
        return input.flag("include_keys") ? keyed(key, entry) : entry.value();
    }

    private static RawJson keyed(String key, StateEntry entry) {
        return JsonBuilder.object(entry.value().length() + 64)
                .member("key", key)
                .member("value", entry.value())
                .member("version", entry.version())
                .build();
    }

    @Override
    RawJson answer(RawJson rows) {
        return rows;
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
