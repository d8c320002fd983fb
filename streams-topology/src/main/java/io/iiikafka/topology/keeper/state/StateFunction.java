package io.iiikafka.topology.keeper.state;

import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/** One of {@code state::*}. Decides from the input and what is stored alone; what it changes stands in the draft. */
abstract class StateFunction implements KeeperFunction {

    private final String id;
    private final String description;
    private final Partitioning partitioning;

    StateFunction(String id, String description, Partitioning partitioning) {
        this.id = id;
        this.description = description;
        this.partitioning = partitioning;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final String workerName() {
        return "iii-state";
    }

    @Override
    public final Placement placement(Call call) {
        try {
            return placement(Input.of(call), partitioning);
        } catch (Refusal refused) {
            return new Placement.Owner(""); // any partition can say so
        }
    }

    /** Of a function on one key. */
    Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(partitions.owner(address(input)));
    }

    /** @throws Refusal when the input does not fit or may not be; the draft is dropped then */
    abstract Outcome decide(Input input, Command command, StateDraft draft);

    /** {@code scope} and {@code key} of the input. */
    static StateKey address(Input input) {
        return new StateKey(input.text("scope"), input.text("key"));
    }
}
