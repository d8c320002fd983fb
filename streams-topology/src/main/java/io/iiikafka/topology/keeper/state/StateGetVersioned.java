package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code state::get_versioned}: {@code {"exists":true,"value":5,"version":2,"revision":7,"updated_at":1700000000000}}; of a
 * key that is not there {@code value} and {@code updated_at} are null (spec: state.md 12.3).
 */
final class StateGetVersioned extends StateFunction {

    StateGetVersioned(Partitioning partitioning) {
        super("state::get_versioned", "Get a value with its version", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        StateEntry entry = draft.get(key);
        RawJson value = entry == null ? RawJson.NULL : entry.value();
        JsonBuilder reply = JsonBuilder.object(value.length() + 120)
                .member("exists", entry != null)
                .member("value", value)
                .member("version", draft.version(key))
                .member("revision", draft.scope(key.scope()).revision());
        return new Outcome.Success((entry == null
                        ? reply.member("updated_at", RawJson.NULL)
                        : reply.member("updated_at", entry.changedAtMs()))
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.ADDRESS;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.VERSIONED;
    }
}
