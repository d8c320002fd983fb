package io.iiikafka.topology.keeper.state;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Operations;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.Update;
import io.iiikafka.topology.update.UpdateError;
import io.iiikafka.topology.update.UpdateOperation;
import org.jspecify.annotations.Nullable;

/** {@code state::update}: operations on a value, atomically (spec: state.md 3.4, 12.2). */
final class StateUpdate extends StateFunction {

    private final ValueLimit limit;

    StateUpdate(Partitioning partitioning, ValueLimit limit) {
        super("state::update", "Update a value in state", partitioning);
        this.limit = limit;
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        List<UpdateOperation> operations = Operations.of(input);
        checkVersion(input, draft, key);
        StateEntry before = draft.get(key);
        if (before == null && mustExist(input)) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Scope '" + key.scope() + "' has no key '" + key.key()
                            + "', and `create` is \"never\"; nothing was changed.");
        }
        JsonNode value = before == null ? null : JsonTree.read(before.value());
        Update.Result result = Update.apply(value, operations, input.flag("strict"));
        if (input.flag("all_or_nothing") && !result.errors().isEmpty()) {
            RawJson unchanged = before == null ? RawJson.NULL : before.value();
            return new Outcome.Success(reply(before, unchanged, result.errors()));
        }
        RawJson after = JsonTree.write(result.value());
        limit.check(after);
        draft.put(key, after);
        return new Outcome.Success(reply(before, after, result.errors()));
    }

    /** {@code create: "never"}: a key that is not there is not made. */
    private static boolean mustExist(Input input) {
        String create = input.optionalText("create");
        if (create != null && !create.equals("never")) {
            throw input.misfit("unknown `create`: expected \"never\"");
        }
        return create != null;
    }

    private static RawJson reply(@Nullable StateEntry before, RawJson after, List<UpdateError> errors) {
        JsonBuilder reply = JsonBuilder.object()
                .member("old_value", before == null ? null : before.value())
                .member("new_value", after);
        if (!errors.isEmpty()) {
            JsonBuilder list = JsonBuilder.array();
            errors.forEach(error -> list.element(error.toJson()));
            reply.member("errors", list.build());
        }
        return reply.build();
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.UPDATE_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.UPDATED;
    }
}
