package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.DescribedFunction;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** One of the functions of pub/sub. */
abstract class PubsubFunction extends DescribedFunction {

    PubsubFunction(String id, String description, RawJson request, @Nullable RawJson response) {
        super(id, "iii-pubsub", description, request, response);
    }

    @Override
    public final Placement placement(Call call) {
        try {
            return placement(Input.of(call));
        } catch (Refusal refused) {
            return new Placement.Owner(""); // any partition can say so
        }
    }

    /** Of a function on one topic. */
    Placement placement(Input input) {
        return new Placement.Owner(input.text("topic"));
    }

    /** @throws Refusal when the input does not fit */
    abstract Decision decide(Input input, Command command, PubsubDesk desk);
}
