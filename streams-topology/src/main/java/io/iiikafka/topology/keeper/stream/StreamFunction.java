package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.DescribedFunction;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** One of {@code stream::*}. Decides from the input and what is stored alone; what it changes stands in the draft. */
abstract class StreamFunction extends DescribedFunction {

    StreamFunction(String id, String description, RawJson request, @Nullable RawJson response) {
        super(id, "iii-stream", description, request, response);
    }

    @Override
    public final Placement placement(Call call) {
        try {
            return placement(Input.of(call));
        } catch (Refusal refused) {
            return new Placement.Owner(""); // any partition can say so
        }
    }

    /** Of a function on one group. */
    Placement placement(Input input) {
        return new Placement.Owner(group(input).recordKey());
    }

    /**
     * @return null: the caller {@linkplain StreamDraft#waitFor waits}
     * @throws Refusal when the input does not fit or may not be; the draft is dropped then
     */
    abstract @Nullable Outcome decide(Input input, StreamDraft draft);

    /** Whether a repeat with the same {@code idempotency_key} gets the first reply (13.10). */
    boolean isRepeatable() {
        return false;
    }

    static StreamGroup group(Input input) {
        return new StreamGroup(input.text("stream_name"), input.text("group_id"));
    }

    static String item(Input input) {
        return input.text("item_id");
    }
}
