package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Operations;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.Update;
import io.iiikafka.topology.update.UpdateOperation;

/** {@code stream::update}: operations on an item, atomically (spec: stream.md 3.4). */
final class StreamUpdate extends StreamFunction {

    StreamUpdate() {
        super("stream::update", "Update an item of a stream", StreamSchemas.UPDATE_REQUEST, StreamSchemas.UPDATED);
    }

    @Override
    boolean isRepeatable() {
        return true;
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        StreamGroup group = group(input);
        String item = item(input);
        List<UpdateOperation> operations = Operations.of(input);
        StreamOptions.checkVersion(input, draft, group, item);
        StreamItem before = draft.get(group, item);
        if (StreamOptions.mustExist(input) && before == null) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Group '" + group.group() + "' of stream '" + group.stream() + "' has no item '" + item
                            + "', and `create` is \"never\".");
        }
        Update.Result result =
                Update.apply(before == null ? null : JsonTree.read(before.value()), operations, false);
        RawJson after = JsonTree.write(result.value());
        if (input.flag("all_or_nothing") && !result.errors().isEmpty()) {
            after = before == null ? RawJson.NULL : before.value();
        } else {
            draft.put(group, item, after);
        }
        JsonBuilder reply = JsonBuilder.object()
                .member("old_value", before == null ? null : before.value())
                .member("new_value", after);
        if (!result.errors().isEmpty()) {
            JsonBuilder errors = JsonBuilder.array();
            result.errors().forEach(error -> errors.element(error.toJson()));
            reply.member("errors", errors.build());
        }
        return new Outcome.Success(StreamOptions.withOffset(reply, input, draft).build());
    }
}
