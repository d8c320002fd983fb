package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** Ends the subscriptions that a gateway left behind when it ended, and calls the triggers of type {@code stream:leave}. */
final class StreamDepart extends StreamFunction {

    static final String ID = "iii::stream::depart";

    StreamDepart() {
        super(ID, "Unsubscribe what a gateway left behind", StreamSchemas.NOTHING, null);
    }

    @Override
    Placement placement(Input input) {
        return new Placement.Everywhere(ID, parts -> RawJson.NULL);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        draft.departed(input.text("gateway"));
        return new Outcome.Success(RawJson.NULL);
    }
}
