package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Begins to tell a gateway what happens in a group, and says what is there now (spec: stream.md 5.4). What is told from
 * now on is later than {@code timestamp}, what the answer holds is earlier: {@code {"timestamp":1764000000123,"offset":12,
 * "data":[…]}}. Without {@code subscription_id} it only answers.
 */
final class StreamJoin extends StreamFunction {

    static final String ID = "iii::stream::join";

    StreamJoin() {
        super(ID, "Subscribe a socket", StreamSchemas.GROUP, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        String item = input.optionalText("item_id");
        String subscription = input.optionalText("subscription_id");
        if (subscription != null) {
            Subscriber subscriber =
                    new Subscriber(group, input.text("gateway"), input.text("connection"), subscription);
            draft.note(subscriber.noteName(), Subscriber.note(item, input.find("context")));
        }
        GroupInfo info = draft.group(group).tick(draft.nowMs());
        draft.group(group, info);
        JsonBuilder answer = JsonBuilder.object()
                .member("timestamp", info.clockMs())
                .member("offset", info.offset());
        if (input.flag("snapshot")) {
            answer.member("data", snapshot(group, item, draft));
        }
        return new Outcome.Success(answer.build());
    }

    private static RawJson snapshot(StreamGroup group, @Nullable String item, StreamDraft draft) {
        if (item != null) {
            StreamItem found = draft.get(group, item);
            return found == null ? RawJson.NULL : found.value();
        }
        JsonBuilder list = JsonBuilder.array();
        draft.stores().list(group).forEach(each -> list.element(each.value()));
        return list.build();
    }
}
