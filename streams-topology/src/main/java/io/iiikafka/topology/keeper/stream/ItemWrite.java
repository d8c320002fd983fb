package io.iiikafka.topology.keeper.stream;

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

/** One write of a transaction on a group. */
sealed interface ItemWrite {

    String item();

    /** @param ttlMs after which it is removed; 0: it stays */
    record Set(String item, RawJson data, long ttlMs) implements ItemWrite {}

    record Change(String item, List<UpdateOperation> operations) implements ItemWrite {}

    record Delete(String item) implements ItemWrite {}

    /** {@code {"op":"set","item_id","data","ttl_ms"?}}, {@code {"op":"update","item_id","ops"}} or {@code {"op":"delete","item_id"}}. */
    static ItemWrite of(Input write) {
        String item = write.text("item_id");
        String op = write.text("op");
        return switch (op) {
            case "set" -> new Set(item, write.require("data"), StreamSet.ttlMs(write));
            case "update" -> new Change(item, Operations.of(write));
            case "delete" -> new Delete(item);
            default -> throw write.misfit("unknown op `" + op + "`, expected set, update or delete");
        };
    }

    default Result apply(StreamGroup group, StreamDraft draft) {
        StreamItem before = draft.get(group, item());
        RawJson after = null;
        List<UpdateError> errors = List.of();
        switch (this) {
            case Set set -> {
                after = set.data();
                draft.put(group, item(), after, set.ttlMs());
            }
            case Change change -> {
                Update.Result updated = Update.apply(
                        before == null ? null : JsonTree.read(before.value()), change.operations(), false);
                after = JsonTree.write(updated.value());
                errors = updated.errors();
                draft.put(group, item(), after);
            }
            case Delete delete -> draft.remove(group, item());
        }
        StreamItem left = draft.get(group, item());
        return new Result(item(), before == null ? null : before.value(), after, left == null ? 0 : left.offset(), errors);
    }

    /** What a write came to: {@code {"item_id","old_value","new_value","version","errors"?}}; version 0: it is gone. */
    record Result(
            String item, @Nullable RawJson before, @Nullable RawJson after, long version, List<UpdateError> errors) {

        RawJson toJson() {
            JsonBuilder result = JsonBuilder.object()
                    .member("item_id", item)
                    .member("old_value", before)
                    .member("new_value", after)
                    .member("version", version);
            return (errors.isEmpty() ? result : result.member("errors", errorList())).build();
        }

        /** Why the transaction was not committed. */
        RawJson failure(int index) {
            return JsonBuilder.object()
                    .member("index", index)
                    .member("item_id", item)
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
