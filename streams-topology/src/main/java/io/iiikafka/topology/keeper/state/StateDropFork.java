package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code state::drop_fork}: takes a fork away, with {@code recursive} also its forks (spec: state.md 12.4). */
final class StateDropFork extends ForkFunction {

    StateDropFork(Partitioning partitioning) {
        super("state::drop_fork", "Discard a fork", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        Forks.drop(draft, fork(input, draft), input.flag("recursive"));
        return new Outcome.Success(JsonBuilder.object().member("dropped", true).build());
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.LIST_FORKS_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.DROPPED;
    }
}
