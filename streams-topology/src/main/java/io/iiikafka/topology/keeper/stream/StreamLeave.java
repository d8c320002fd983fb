package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** Ends a subscription; with the last one in a group, its gateway is told no more of it. */
final class StreamLeave extends StreamFunction {

    static final String ID = "iii::stream::leave";

    StreamLeave() {
        super(ID, "Unsubscribe a socket", StreamSchemas.GROUP, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        Subscriber subscriber = new Subscriber(
                group(input), input.text("gateway"), input.text("connection"), input.text("subscription_id"));
        draft.note(subscriber.noteName(), null);
        return new Outcome.Success(RawJson.NULL);
    }
}
