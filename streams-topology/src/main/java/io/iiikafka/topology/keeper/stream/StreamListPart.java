package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** The first page of {@code stream::list}. */
final class StreamListPart extends StreamFunction {

    static final String ID = "iii::stream::list_part";

    private final OpenLists lists;

    StreamListPart(OpenLists lists) {
        super(ID, "First part of a list", StreamSchemas.LIST_REQUEST, null);
        this.lists = lists;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        OpenList list = OpenList.of(group(input), ListWish.of(input), draft);
        return new Outcome.Success(
                lists.first(list, draft.position(), draft.nowMs()).toJson());
    }
}
