package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * Removes an item whose time is over, unless it was written since (spec: stream.md 13.10).
 *
 * <p>Input: {@code stream_name}, {@code group_id}, {@code note} (of its {@linkplain ItemExpiry expiry}).
 */
final class StreamExpire extends StreamFunction {

    private static final String ID = "iii::stream::expire";

    StreamExpire() {
        super(ID, "End of an item that was set for a time", StreamSchemas.GROUP, null);
    }

    static Later command(String note, ItemExpiry expiry) {
        StreamGroup group = expiry.group();
        RawJson data = JsonBuilder.object()
                .member("stream_name", group.stream())
                .member("group_id", group.group())
                .member("note", note)
                .build();
        return new Later(
                group.recordKey(),
                new Call(
                        expiry.eventId(), ID, Call.DEFAULT_NAMESPACE, data, null, false, null, null, null, Long.MAX_VALUE));
    }

    /** What the events of a command are called by: that an item has ended shows in the name. */
    static String eventId(Command command) {
        return command.call().functionId().equals(ID) ? command.call().invocationId() : command.position();
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        String name = input.text("note");
        RawJson note = ItemExpiry.dueMs(name) <= draft.nowMs() ? draft.note(name) : null;
        if (note != null) {
            draft.note(name, null);
            ItemExpiry.read(name, note).run(draft);
        }
        return Outcome.NO_VALUE;
    }
}
