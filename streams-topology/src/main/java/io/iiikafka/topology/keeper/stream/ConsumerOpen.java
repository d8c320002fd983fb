package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * Makes a consumer group known to a partition, and puts it where it starts in the groups that are there; groups that come
 * later start at their first event.
 *
 * <p>Input: {@code stream_name}, {@code consumer_group}, {@code partition}, {@code group} (as it was created), and
 * {@code only}, the one group that an offset to start at is for.
 */
final class ConsumerOpen extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_open";

    ConsumerOpen(ReplaySettings settings) {
        super(ID, "Open a consumer group", settings);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        ConsumerGroup opened = ConsumerGroup.read(input.object("group", input.require("group")));
        ConsumerGroup known = opened(draft, notes, null);
        if (known != null && !opened.isNewerThan(known)) {
            return new Outcome.Success(RawJson.NULL); // who asks for one that was deleted meanwhile is late
        }
        if (known != null) {
            ConsumerDelete.forget(draft, notes);
        }
        draft.note(notes.open(), opened.toJson());
        String only = input.optionalText("only");
        for (StreamGroup group : groups(draft, notes.stream())) {
            StreamLog.Bounds bounds = bounds(draft, group);
            LogStart start = LogStart.of(Input.of("consumer group", opened.toJson()), "start");
            boolean meant = !(start instanceof LogStart.At) || group.group().equals(only);
            LogStart from = start != null && meant ? start : new LogStart.Latest();
            ConsumerPosition position = new ConsumerPosition(from.nearest(draft.stores().log(), group, bounds));
            keep(draft, notes, group.group(), position, bounds);
        }
        return new Outcome.Success(RawJson.NULL);
    }

    static List<StreamGroup> groups(StreamDraft draft, String stream) {
        List<StreamGroup> groups = new ArrayList<>();
        draft.stores().forEachLog(stream, groups::add);
        return groups;
    }
}
