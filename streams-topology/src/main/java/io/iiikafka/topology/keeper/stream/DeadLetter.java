package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import org.jspecify.annotations.Nullable;

/** Events that were handed out too often. */
final class DeadLetter {

    private DeadLetter() {}

    /** Puts the event aside; the consumer group goes on behind it. */
    static void bury(
            StreamDraft draft, ConsumerNotes notes, String group, ConsumerPosition position, @Nullable LogEntry entry) {
        if (entry != null) {
            ConsumerPosition.Out out = position.out().get(entry.offset());
            draft.note(notes.dead(group, entry.offset()), JsonBuilder.object()
                    .member("group_id", group)
                    .member("attempts", out == null ? 0 : out.attempt())
                    .member("last_error", out == null ? null : out.error())
                    .member("record", entry.record())
                    .build());
            position.done(entry.offset());
        }
    }
}
