package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code stream::delete_consumer_group} (spec: stream.md 13.4), and the part of it on one partition. With {@code id}, of the
 * keeper's own calls, another group that has the name by now stays, and the partition that decides does not forget the group
 * yet, see {@link ConsumerForget}.
 */
final class ConsumerDelete extends ConsumerFunction {

    static final String ID = "stream::delete_consumer_group";
    static final String PART = "iii::stream::consumer_delete";

    ConsumerDelete(String id, ReplaySettings settings) {
        super(id, "Delete a consumer group", settings);
    }

    @Override
    Placement placement(Input input) {
        ConsumerNotes.of(input);
        return new Placement.Everywhere(PART, ConsumerDelete::merge);
    }

    private static RawJson merge(List<RawJson> parts) {
        boolean deleted = parts.stream().anyMatch(part -> part.toString().equals("true"));
        return JsonBuilder.object().member("deleted", deleted).build();
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        String id = input.optionalText("id");
        RawJson home = draft.note(notes.home());
        boolean decides = home != null && (id == null || ConsumerDefine.group(home).id().equals(id));
        boolean opened = opened(draft, notes, id) != null;
        if (id == null) {
            draft.note(notes.home(), null);
        }
        if (opened || id == null) {
            draft.note(notes.open(), null);
            draft.note(notes.served(), null);
            forget(draft, notes);
        }
        return new Outcome.Success(RawJson.of(Boolean.toString(decides || opened)));
    }

    /** Takes away where it was. */
    static void forget(StreamDraft draft, ConsumerNotes notes) {
        for (String prefix : List.of(notes.positions(), notes.allReady(), notes.allDead(), notes.allWaiting())) {
            draft.stores().forEachNote(prefix, (name, note) -> {
                draft.note(name, null);
                return true;
            });
        }
    }
}
