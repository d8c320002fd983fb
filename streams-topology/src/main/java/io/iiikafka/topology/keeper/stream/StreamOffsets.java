package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code stream::offsets}: how far a group's log reaches (spec: stream.md 13.3). */
final class StreamOffsets extends LogFunction {

    StreamOffsets(ReplaySettings settings) {
        super(
                "stream::offsets",
                "Offsets and times of the events that are kept of a group",
                StreamSchemas.OFFSETS_REQUEST,
                StreamSchemas.OFFSETS,
                settings);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        StreamLog log = draft.stores().log();
        JsonBuilder reply = JsonBuilder.object()
                .member("earliest_offset", bounds.earliest())
                .member("latest_offset", bounds.latest())
                .member("earliest_timestamp", time(log.get(group, bounds.earliest())))
                .member("latest_timestamp", time(log.get(group, bounds.latest())));
        long wanted = input.integer("timestamp", 0, Long.MAX_VALUE, -1);
        if (wanted >= 0) {
            reply.member("offset_at", log.offsetAt(group, bounds, wanted));
        }
        return new Outcome.Success(reply.build());
    }

    private static RawJson time(@Nullable LogEntry entry) {
        return entry == null ? RawJson.NULL : RawJson.of(Long.toString(entry.timestampMs()));
    }
}
