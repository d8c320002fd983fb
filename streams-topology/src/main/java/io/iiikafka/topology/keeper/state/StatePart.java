package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** What one partition has of a scope that is spread over all. */
final class StatePart extends StateFunction {

    static final String ID = "iii::state::part";

    StatePart() {
        super(ID, "Part of a scope", Partitioning.WHOLE);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        return new Outcome.Success(Row.part(Row.of(draft.view(), input.text("scope"))));
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.SCOPE;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
