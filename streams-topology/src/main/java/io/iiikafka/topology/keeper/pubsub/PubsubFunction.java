package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** One of the functions of pub/sub. */
abstract class PubsubFunction implements KeeperFunction {

    private final String id;
    private final String description;
    private final RawJson request;
    private final @Nullable RawJson response;

    PubsubFunction(String id, String description, RawJson request, @Nullable RawJson response) {
        this.id = id;
        this.description = description;
        this.request = request;
        this.response = response;
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
        return "iii-pubsub";
    }

    @Override
    public final RawJson requestFormat() {
        return request;
    }

    @Override
    public final @Nullable RawJson responseFormat() {
        return response;
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
