package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** What one partition knows of the keys of a read. */
final class StateReadPart extends StateFunction {

    static final String ID = "iii::state::read_part";

    StateReadPart() {
        super(ID, "Part of a read", Partitioning.WHOLE);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        return new Outcome.Success(ReadRequest.of(input).answer(draft, draft.history()));
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.READ_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
