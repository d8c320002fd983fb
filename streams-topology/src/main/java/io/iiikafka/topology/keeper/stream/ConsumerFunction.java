package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** A part of a function on a consumer group, on one partition of the stream. */
abstract class ConsumerFunction extends StreamFunction {

    private final ReplaySettings settings;

    ConsumerFunction(String id, String description, ReplaySettings settings) {
        super(id, description, StreamSchemas.CONSUMER_GROUP, null);
        this.settings = settings;
    }

    /** With {@code partition} that one, with {@code group_id} its own. */
    @Override
    Placement placement(Input input) {
        return input.find("partition") == null
                ? new Placement.Owner(group(input).recordKey())
                : new Placement.Partition((int) input.integer("partition", 0, Integer.MAX_VALUE, 0));
    }

    @Override
    final @Nullable Outcome decide(Input input, StreamDraft draft) {
        return decide(input, draft, ConsumerNotes.of(input));
    }

    abstract @Nullable Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes);

    /** The consumer group as this partition knows it; null: not at all, or another one of that name. */
    static @Nullable ConsumerGroup opened(StreamDraft draft, ConsumerNotes notes, @Nullable String id) {
        RawJson note = draft.note(notes.open());
        ConsumerGroup group = note == null ? null : ConsumerGroup.read(Input.of("consumer group", note));
        return group != null && (id == null || group.id().equals(id)) ? group : null;
    }

    ReplayRule rule(ConsumerNotes notes) {
        return LogFunction.ruleOf(notes.stream(), settings);
    }

    StreamLog.Bounds bounds(StreamDraft draft, StreamGroup group) {
        return StreamLog.Bounds.of(
                draft.stores().log(), group, draft.group(group), settings.of(group.stream()), draft.nowMs());
    }

    /** The first notes of dead letters that wait to be tried again; what the command itself has changed is not seen. */
    static List<String> waiting(StreamDraft draft, ConsumerNotes notes, String group, int most) {
        String prefix = notes.waitingOf(group);
        return draft.notes(prefix, prefix.substring(0, prefix.length() - 1) + '0', most);
    }

    /** Keeps the position, and whether there is anything left to do. */
    static void keep(
            StreamDraft draft, ConsumerNotes notes, String group, ConsumerPosition position, StreamLog.Bounds bounds) {
        draft.note(notes.position(group), position.toJson());
        boolean ready = position.next() <= bounds.latest()
                || !position.out().isEmpty()
                || !waiting(draft, notes, group, 1).isEmpty();
        draft.note(notes.ready(group), ready ? RawJson.NULL : null);
    }
}
