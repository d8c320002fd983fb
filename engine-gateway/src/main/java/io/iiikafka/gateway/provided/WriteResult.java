package io.iiikafka.gateway.provided;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answered to a write (spec: stream.md 4.2).
 *
 * @param old null: there was nothing
 * @param now null: it is a deletion
 * @param errors of an update; null: none
 */
record WriteResult(@Nullable RawJson old, @Nullable RawJson now, @Nullable RawJson errors) {

    /** @throws Refusal when the worker failed, or answered with something else */
    static WriteResult of(Operation operation, Outcome outcome) {
        RawJson value = switch (outcome) {
            case Outcome.Failure failure -> throw refusal(operation, cause(failure));
            case Outcome.Success success -> success.value();
        };
        if (value == null || value.isNull()) {
            throw refusal(operation, "Function returned no result");
        }
        if (!value.isObject()) {
            throw misfit("expected an object");
        }
        Map<String, RawJson> members = new HashMap<>();
        value.forEachMember(members::put);
        if (operation != Operation.DELETE && !members.containsKey("new_value")) {
            throw misfit("missing field `new_value`");
        }
        return new WriteResult(
                notNull(members.get("old_value")),
                operation == Operation.DELETE ? null : members.get("new_value"),
                operation == Operation.UPDATE ? notNull(members.get("errors")) : null);
    }

    private static String cause(Outcome.Failure failure) {
        return failure.error().code().equals(ErrorCode.INVOCATION_TIMEOUT.code())
                ? "timeout"
                : "Failed to invoke function: " + failure.error().message();
    }

    static Refusal refusal(Operation operation, String cause) {
        return new Refusal(operation.error(), operation.failed(cause));
    }

    private static Refusal misfit(String detail) {
        return new Refusal(ErrorCode.JSON_ERROR, "Failed to convert result to value: " + detail);
    }

    private static @Nullable RawJson notNull(@Nullable RawJson value) {
        return value == null || value.isNull() ? null : value;
    }

    /** What happened to the item: {@code create}, {@code update} or {@code delete}; null when nothing did. */
    @Nullable String event() {
        if (now == null) {
            return old == null ? null : "delete";
        }
        return old == null ? "create" : "update";
    }

    /** What the caller gets. */
    JsonBuilder reply() {
        JsonBuilder reply = JsonBuilder.object().member("old_value", old);
        if (now != null) {
            reply.member("new_value", now);
        }
        return errors == null ? reply : reply.member("errors", errors);
    }
}
