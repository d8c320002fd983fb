package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::delete} (spec: stream.md 3.3). */
final class StreamDelete extends StreamFunction {

    StreamDelete() {
        super("stream::delete", "Delete an item of a stream", StreamSchemas.ITEM, StreamSchemas.DELETED);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamItem before = draft.remove(group(input), item(input));
        return new Outcome.Success(JsonBuilder.object()
                .member("old_value", before == null ? null : before.value())
                .build());
    }
}
