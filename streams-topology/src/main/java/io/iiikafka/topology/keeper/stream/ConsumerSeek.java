package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::seek}: puts a consumer group elsewhere (spec: stream.md 13.4), and the part of it on one partition. */
final class ConsumerSeek extends ConsumerFunction {

    static final String ID = "stream::seek";
    static final String PART = "iii::stream::consumer_seek";

    ConsumerSeek(String id, ReplaySettings settings) {
        super(id, "Put a consumer group to another position", settings);
    }

    @Override
    Placement placement(Input input) {
        ConsumerNotes.of(input);
        return new Placement.Everywhere(PART, ConsumerSeek::merge);
    }

    private static RawJson merge(List<RawJson> parts) {
        NavigableMap<String, RawJson> positions = new TreeMap<>();
        parts.forEach(part -> part.forEachMember(positions::put));
        JsonBuilder merged = JsonBuilder.object();
        positions.forEach(merged::member);
        return JsonBuilder.object().member("positions", merged.build()).build();
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        rule(notes);
        String only = input.optionalText("group_id");
        input.require("to");
        LogStart to = LogStart.of(input, "to");
        if (to == null || to instanceof LogStart.At && only == null) {
            throw input.misfit("`to` must say where; an offset needs a `group_id`");
        }
        JsonBuilder positions = JsonBuilder.object();
        if (opened(draft, notes, null) != null) {
            for (StreamGroup group : ConsumerOpen.groups(draft, notes.stream())) {
                if (only == null || only.equals(group.group())) {
                    StreamLog.Bounds bounds = bounds(draft, group);
                    ConsumerPosition position = ConsumerPosition.read(draft.note(notes.position(group.group())));
                    position.seek(to.resolve(draft.stores().log(), group, bounds, false));
                    keep(draft, notes, group.group(), position, bounds);
                    positions.member(group.group(), position.next());
                }
            }
            draft.wake(ConsumerWait.topic(notes.stream()));
        }
        return new Outcome.Success(positions.build());
    }
}
