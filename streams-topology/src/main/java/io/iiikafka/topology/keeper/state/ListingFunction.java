package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** A function that answers from all keys of a scope, whether one partition has them or all. */
abstract class ListingFunction extends StateFunction {

    ListingFunction(String id, String description, Partitioning partitioning) {
        super(id, description, partitioning);
    }

    @Override
    final Placement placement(Input input, Partitioning partitions) {
        String scope = input.text("scope");
        check(input);
        return partitions.isSharded(scope)
                ? new Placement.Everywhere(StatePart.ID, parts -> answer(input, Row.ofParts(parts)))
                : new Placement.Owner(scope);
    }

    @Override
    final Outcome decide(Input input, Command command, StateDraft draft) {
        String scope = input.text("scope");
        check(input);
        return new Outcome.Success(answer(input, Row.of(draft.view(), scope)));
    }

    /** Refuses members that do not fit. */
    abstract void check(Input input);

    /** The answer; the input has been checked. */
    abstract RawJson answer(Input input, List<Row> rows);
}
