package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** The first page of {@code stream::get_at}. */
final class StreamGetAtPart extends LogFunction {

    static final String ID = "iii::stream::get_at_part";

    private final OpenLists lists;

    StreamGetAtPart(ReplaySettings settings, OpenLists lists) {
        super(ID, "First part of items as they once were", StreamSchemas.GET_AT_REQUEST, null, settings);
        this.lists = lists;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        OpenPast past = StreamGetAt.open(input, draft, group, bounds);
        return new Outcome.Success(
                lists.first(past, draft.position(), draft.nowMs()).toJson());
    }
}
