package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::clear}: deletes all items of a group, in list order, each with its event (spec: stream.md 13.10). */
final class StreamClear extends StreamFunction {

    static final String ID = "stream::clear";

    private static final int MOST = 20_000;

    StreamClear() {
        super(ID, "Delete all items of a group", StreamSchemas.GROUP, null);
    }

    @Override
    boolean isRepeatable() {
        return true;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        if (draft.group(group).items() > MOST) {
            throw new Refusal(
                    ErrorCode.TX_TOO_LARGE,
                    "The group has more than " + MOST + " items; delete some of them singly first. Nothing was changed.");
        }
        Map<String, Long> orders = new HashMap<>();
        draft.stores().forEachItem(group, (id, item) -> orders.put(id, item.order()));
        List<String> ids = new ArrayList<>(orders.keySet());
        ids.sort(Comparator.comparing(orders::get));
        ids.forEach(id -> draft.remove(group, id));
        return new Outcome.Success(JsonBuilder.object().member("deleted", ids.size()).build());
    }
}
