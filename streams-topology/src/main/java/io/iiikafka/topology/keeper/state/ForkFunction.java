package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;

/** One of the functions on forks (spec: state.md 12.4). */
abstract class ForkFunction extends StateFunction {

    ForkFunction(String id, String description, Partitioning partitioning) {
        super(id, description, partitioning);
    }

    @Override
    final Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(Partitioning.group(input.text("scope")));
    }

    /** @throws Refusal when the scope is none */
    static Fork fork(Input input, StateDraft draft) {
        String scope = input.text("scope");
        Fork fork = Fork.find(draft, scope);
        if (fork == null) {
            throw new Refusal(ErrorCode.FORK_NOT_FOUND, "'" + scope + "' is no fork; see state::list_forks.");
        }
        return fork;
    }
}
