package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code state::get}: the bare value; no value at all when the key is missing (spec: state.md 3.2). */
final class StateGet extends StateFunction {

    StateGet(Partitioning partitioning) {
        super("state::get", "Get a value from state", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateEntry entry = draft.get(address(input));
        return entry == null ? Outcome.NO_VALUE : new Outcome.Success(entry.value());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.ADDRESS;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
