package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::list}: the bare values of a group as they were first set (spec: stream.md 3.5). */
final class StreamList extends StreamFunction {

    StreamList() {
        super("stream::list", "List the items of a group", StreamSchemas.GROUP, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        JsonBuilder list = JsonBuilder.array();
        draft.stores().list(group(input)).forEach(item -> list.element(item.value()));
        return new Outcome.Success(list.build());
    }
}
