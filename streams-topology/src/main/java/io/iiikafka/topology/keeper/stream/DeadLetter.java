package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/** Events that were handed out too often. */
final class DeadLetter {

    private DeadLetter() {}

    /** Puts the event aside; the consumer group goes on behind it. */
    static void bury(
            StreamDraft draft, ConsumerNotes notes, String group, ConsumerPosition position, @Nullable LogEntry entry) {
        if (entry != null) {
            ConsumerPosition.Out out = position.out().get(entry.offset());
            note(
                    draft,
                    notes.dead(group, entry.offset()),
                    group,
                    out == null ? 0 : out.attempt(),
                    out == null ? null : out.error(),
                    entry.record());
            position.done(entry.offset());
        }
    }

    /** It was tried again, so often as it may be: it stays one. */
    static void stay(StreamDraft draft, ConsumerNotes notes, String group, ConsumerPosition position, long offset) {
        ConsumerPosition.Out out = position.out().remove(offset);
        RawJson note = draft.note(notes.dead(group, offset));
        if (note != null && out != null) {
            Input letter = Input.of("dead letter", note);
            long attempts = letter.integer("attempts", 0, Long.MAX_VALUE, 0) + out.attempt();
            String error = out.error() == null ? letter.optionalText("last_error") : out.error();
            note(draft, notes.dead(group, offset), group, attempts, error, letter.require("record"));
        }
    }

    private static void note(
            StreamDraft draft, String name, String group, long attempts, @Nullable String error, RawJson record) {
        draft.note(name, JsonBuilder.object()
                .member("group_id", group)
                .member("attempts", attempts)
                .member("last_error", error)
                .member("record", record)
                .build());
    }

    /** As {@code stream::dead_letters} shows it. */
    static RawJson shown(Input letter, RawJson record) {
        JsonBuilder event = JsonBuilder.object(record.length() + 100);
        record.forEachMember(event::member);
        return event.member("attempts", letter.require("attempts"))
                .member("last_error", letter.require("last_error"))
                .build();
    }
}
