package io.iiikafka.gateway.provided;

import java.util.List;
import java.util.stream.Stream;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Options of an update that is done by reading and writing (spec: stream.md 13.10). What only the engine's own storage can do
 * is refused, rather than left undone without a word.
 *
 * @param neverCreate the item must be there
 * @param allOrNothing nothing is written when an operation fails
 */
record WriteOptions(boolean neverCreate, boolean allOrNothing) {

    /** Workers are told of neither versions, nor keys, nor times. */
    private static final List<String> STORAGE = List.of("if_version", "idempotency_key", "ttl_ms");

    /** Done by the engine, but not where the worker itself does the update. */
    private static final List<String> UPDATE = List.of("create", "all_or_nothing");

    static WriteOptions of(Input input) {
        refuse(STORAGE.stream(), input);
        return new WriteOptions("never".equals(input.optionalText("create")), input.flag("all_or_nothing"));
    }

    /** @throws Refusal when there are options that a worker which does the operation is not told of */
    static void refuseUnknown(Operation operation, Input input) {
        if (!operation.reads()) {
            refuse(operation == Operation.UPDATE ? Stream.concat(STORAGE.stream(), UPDATE.stream()) : STORAGE.stream(), input);
        }
    }

    private static void refuse(Stream<String> options, Input input) {
        options.filter(option -> isGiven(input.find(option))).findFirst().ifPresent(option -> {
            throw new Refusal(
                    ErrorCode.INVALID_ARGUMENTS,
                    "A worker keeps stream '" + input.text("stream_name") + "', so `" + option
                            + "` is not there for it: leave it out. Nothing was changed.");
        });
    }

    private static boolean isGiven(@Nullable RawJson option) {
        return option != null && !option.isNull() && !option.isFalse();
    }

    /** @throws Refusal when the item should be there, and is not */
    void check(boolean isThere, Input input) {
        if (neverCreate && !isThere) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Group '" + input.text("group_id") + "' of stream '" + input.text("stream_name") + "' has no item '"
                            + input.text("item_id") + "', and `create` is \"never\".");
        }
    }
}
