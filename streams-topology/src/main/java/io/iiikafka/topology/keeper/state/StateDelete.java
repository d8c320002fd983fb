package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code state::delete}: the bare removed value; no value at all when the key was missing (spec: state.md 3.3). */
final class StateDelete extends StateFunction {

    StateDelete(Partitioning partitioning) {
        super("state::delete", "Delete a value from state", partitioning);
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        checkVersion(input, draft, key);
        StateEntry before = draft.remove(key);
        return before == null ? Outcome.NO_VALUE : new Outcome.Success(before.value());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.DELETE_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
