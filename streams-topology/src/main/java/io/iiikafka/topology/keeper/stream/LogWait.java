package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code true} as soon as the group's log has an event of that offset: at once, or when it comes.
 *
 * <p>Input: {@code stream_name}, {@code group_id}, {@code offset}.
 */
final class LogWait extends StreamFunction {

    static final String ID = "iii::stream::wait";

    LogWait() {
        super(ID, "Waits for an event of a group", StreamSchemas.GROUP, null);
    }

    @Override
    @Nullable Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        if (draft.group(group).offset() >= input.integer("offset", 1, Long.MAX_VALUE, 1)) {
            return new Outcome.Success(RawJson.of("true"));
        }
        draft.waitFor(group.recordKey());
        return null;
    }
}
