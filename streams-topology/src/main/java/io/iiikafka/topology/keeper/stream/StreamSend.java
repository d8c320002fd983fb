package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code stream::send}: an event for whoever listens, which changes no item (spec: stream.md 3.8). It is logged unless the
 * call says {@code "durable": false}, or the stream is one of the engine's own feeds (13.1).
 */
final class StreamSend extends StreamFunction {

    StreamSend() {
        super("stream::send", "Send an event to a group or an item", StreamSchemas.SEND_REQUEST, null);
    }

    @Override
    boolean isRepeatable() {
        return true;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        RawJson event = StreamEvent.sent(input.text("type"), input.require("data"));
        boolean logged = input.flag("durable", true);
        draft.send(group, input.optionalText("id"), event, logged);
        return new Outcome.Success(input.flag("include_offset")
                ? StreamOptions.withOffset(JsonBuilder.object(), input, draft).build()
                : RawJson.NULL);
    }
}
