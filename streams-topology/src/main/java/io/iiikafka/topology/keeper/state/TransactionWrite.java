package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Operations;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.Update;
import io.iiikafka.topology.update.UpdateError;
import io.iiikafka.topology.update.UpdateOperation;
import org.jspecify.annotations.Nullable;

/** One write of a transaction. */
sealed interface TransactionWrite {

    StateKey key();

    record Set(StateKey key, RawJson value) implements TransactionWrite {}

    record Change(StateKey key, List<UpdateOperation> operations) implements TransactionWrite {}

    record Delete(StateKey key) implements TransactionWrite {}

    /**
     * How long values may be.
     *
     * @param set of those that are set
     * @param changed of those that updates come to
     */
    record Limits(ValueLimit set, ValueLimit changed) {}

    /** {@code {"op":"set","key","value"}}, {@code {"op":"update","key","ops"}} or {@code {"op":"delete","key"}}. */
    static TransactionWrite of(Input write, String scope) {
        String named = write.optionalText("scope");
        StateKey key = new StateKey(named == null ? scope : named, write.text("key"));
        String op = write.text("op");
        return switch (op) {
            case "set" -> new Set(key, write.require("value"));
            case "update" -> new Change(key, Operations.of(write));
            case "delete" -> new Delete(key);
            default -> throw write.misfit("unknown op `" + op + "`, expected set, update, delete, enqueue or publish");
        };
    }

    default Result apply(StateDraft draft, Limits limits) {
        StateEntry before = draft.get(key());
        RawJson after = null;
        List<UpdateError> errors = List.of();
        switch (this) {
            case Set set -> {
                limits.set().check(set.value());
                after = set.value();
                draft.put(key(), after);
            }
            case Change change -> {
                Update.Result updated = Update.apply(
                        before == null ? null : JsonTree.read(before.value()), change.operations(), false);
                after = JsonTree.write(updated.value());
                errors = updated.errors();
                limits.changed().check(after);
                draft.put(key(), after);
            }
            case Delete delete -> draft.remove(key());
        }
        return new Result(key(), before, after, draft.version(key()), errors);
    }

    /** What a write came to: {@code {"key","old_value","new_value","version","errors"?}}. */
    record Result(
            StateKey key,
            @Nullable StateEntry before,
            @Nullable RawJson after,
            long version,
            List<UpdateError> errors) {

        RawJson toJson() {
            JsonBuilder result = JsonBuilder.object()
                    .member("key", key.key())
                    .member("old_value", before == null ? null : before.value())
                    .member("new_value", after)
                    .member("version", version);
            return (errors.isEmpty() ? result : result.member("errors", errorList())).build();
        }

        /** Why the transaction was not committed: {@code {"index","key","errors"}}. */
        RawJson failure(int index) {
            return JsonBuilder.object()
                    .member("index", index)
                    .member("key", key.key())
                    .member("errors", errorList())
                    .build();
        }

        private RawJson errorList() {
            JsonBuilder list = JsonBuilder.array();
            errors.forEach(error -> list.element(error.toJson()));
            return list.build();
        }
    }
}
