package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.DescribedFunction;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** A function of queues. The queue that it names, and a topic of that name, decide on the partition. */
abstract class QueueFunction extends DescribedFunction {

    QueueFunction(String id, String description, RawJson requestFormat, @Nullable RawJson responseFormat) {
        super(id, "iii-queue", description, requestFormat, responseFormat);
    }

    @Override
    public Placement placement(Call call) {
        try {
            Input input = Input.of(call);
            String given = QueueName.given(input);
            return placement(call, given == null ? "" : QueueName.owner(given));
        } catch (Refusal refused) {
            return new Placement.Owner(""); // any partition can say so
        }
    }

    /** @param owner the name of the queue or topic */
    Placement placement(Call call, String owner) {
        return new Placement.Owner(owner);
    }

    /** Whether its payload means nothing. */
    boolean takesAnything() {
        return false;
    }

    /** The function that goes on with what was too long for one turn, from the {@code next} of the page; null: none is. */
    @Nullable String next() {
        return null;
    }

    /**
     * Does what is asked.
     *
     * @throws Refusal when the input does not fit or may not be; nothing has changed then
     */
    abstract Outcome decide(Input input, QueueWork work);

    /** What the caller calls the queue; {@code code} and {@code message} are the refusal when that is empty. */
    static String required(Input input, ErrorCode code, String message) {
        String given = QueueName.given(input);
        if (given == null) {
            return input.text("queue"); // is refused
        }
        if (given.isEmpty()) {
            throw new Refusal(code, message);
        }
        return given;
    }
}
