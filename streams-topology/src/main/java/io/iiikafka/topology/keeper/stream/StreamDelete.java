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
    boolean isRepeatable() {
        return true;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        String item = item(input);
        StreamOptions.checkVersion(input, draft, group, item);
        StreamItem before = draft.remove(group, item);
        JsonBuilder reply = JsonBuilder.object().member("old_value", before == null ? null : before.value());
        return new Outcome.Success(StreamOptions.withOffset(reply, input, draft).build());
    }
}
