package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::get}: the bare value; no value at all when the item is missing (spec: stream.md 3.2). */
final class StreamGet extends StreamFunction {

    StreamGet() {
        super("stream::get", "Get an item of a stream", StreamSchemas.ITEM, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamItem item = draft.stores().get(group(input), item(input));
        return item == null ? Outcome.NO_VALUE : new Outcome.Success(item.value());
    }
}
