package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code true} as soon as there may be something new for consumers of a stream on this partition: at once when
 * something happened since {@code seen}, or when it does.
 */
final class ConsumerWait extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_wait";

    ConsumerWait(ReplaySettings settings) {
        super(ID, "Wait for work", settings);
    }

    /** No group has a key without a slash at its end and one within. */
    static String topic(String stream) {
        return "stream:" + stream;
    }

    @Override
    @Nullable Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        String topic = topic(notes.stream());
        if (input.integer("seen", 0, Long.MAX_VALUE, 0) != draft.wakeCount(topic)) {
            return new Outcome.Success(RawJson.of("true"));
        }
        draft.waitFor(topic);
        return null;
    }
}
