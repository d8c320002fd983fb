package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * Tells of a change of an item that a worker keeps: only the event of it is ours (spec: stream.md 4.2).
 *
 * <p>Input: {@code stream_name}, {@code group_id}, {@code item_id}, {@code type} ({@code create}, {@code update} or
 * {@code delete}), {@code data} (the new value; of a deletion the old one), {@code old_value} where there was one.
 */
final class ProvidedChange extends StreamFunction {

    static final String ID = "iii::stream::provided";

    ProvidedChange() {
        super(ID, "Change of an item that a worker keeps", StreamSchemas.ITEM, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        RawJson data = input.require("data");
        StreamEvent event = draft.tell(group, item(input), input.text("type"), input.find("old_value"), data);
        return new Outcome.Success(JsonBuilder.object()
                .member("offset", event.offset())
                .member("timestamp", event.timestampMs())
                .build());
    }
}
