package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code stream::presence}: how many subscriptions of sockets there are in a group, on all gateways, and, where it is
 * configured, what the auth function gave of each: {@code {"subscriptions":2,"contexts":[{"user":"u1"},null]}} (spec:
 * stream.md 13.10).
 */
final class StreamPresence extends StreamFunction {

    private final boolean withContexts;

    StreamPresence(boolean withContexts) {
        super("stream::presence", "Count who listens to a group", StreamSchemas.GROUP, StreamSchemas.PRESENCE);
        this.withContexts = withContexts;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        JsonBuilder contexts = JsonBuilder.array();
        int[] count = new int[1];
        draft.stores().forEachNote(Subscriber.PREFIX + group(input).itemPrefix(), (name, note) -> {
            count[0]++;
            RawJson context = Input.of("subscription", note).find("context");
            contexts.element(context == null ? RawJson.NULL : context);
            return true;
        });
        JsonBuilder reply = JsonBuilder.object().member("subscriptions", count[0]);
        return new Outcome.Success(
                withContexts ? reply.member("contexts", contexts.build()).build() : reply.build());
    }
}
