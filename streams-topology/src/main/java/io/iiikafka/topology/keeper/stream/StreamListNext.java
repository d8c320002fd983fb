package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;

/** A further page of an open list; with {@code "close":true} the list ends instead. */
final class StreamListNext extends StreamFunction {

    static final String ID = "iii::stream::next";

    private final OpenLists lists;

    StreamListNext(OpenLists lists) {
        super(ID, "Next part of a list", RawJson.EMPTY_OBJECT, null);
        this.lists = lists;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        String cursor = input.text("cursor");
        if (input.flag("close")) {
            lists.close(cursor);
            return new Outcome.Success(RawJson.NULL);
        }
        Page page = lists.next(cursor, draft.nowMs());
        return new Outcome.Success(page == null ? RawJson.NULL : page.toJson());
    }
}
