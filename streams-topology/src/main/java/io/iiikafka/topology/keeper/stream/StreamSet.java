package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::set} (spec: stream.md 3.1). */
final class StreamSet extends StreamFunction {

    private static final long LONGEST_TTL_MS = 100L * 366 * 86_400_000;

    StreamSet() {
        super("stream::set", "Set an item of a stream", StreamSchemas.SET_REQUEST, StreamSchemas.CHANGED);
    }

    @Override
    boolean isRepeatable() {
        return true;
    }

    /** After how long the item is to be removed; 0: it stays. */
    static long ttlMs(Input input) {
        return input.integer("ttl_ms", 1, LONGEST_TTL_MS, 0);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        String item = item(input);
        RawJson data = input.require("data");
        StreamOptions.checkVersion(input, draft, group, item);
        StreamItem before = draft.put(group, item, data, ttlMs(input));
        JsonBuilder reply = JsonBuilder.object()
                .member("old_value", before == null ? null : before.value())
                .member("new_value", data);
        return new Outcome.Success(StreamOptions.withOffset(reply, input, draft).build());
    }
}
