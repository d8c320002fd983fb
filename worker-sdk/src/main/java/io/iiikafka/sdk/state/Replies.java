package io.iiikafka.sdk.state;

import java.time.Instant;
import java.util.List;

import io.iiikafka.sdk.change.UpdateError;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.sdk.state.TransactionResult.Committed;
import io.iiikafka.sdk.state.TransactionResult.Failure;
import io.iiikafka.sdk.state.TransactionResult.Refused;
import io.iiikafka.sdk.state.TransactionResult.Write;

/** Reads what the engine answers. */
final class Replies {

    private Replies() {}

    static <T> Versioned<T> versioned(Reply reply, Class<T> type) {
        return new Versioned<>(
                reply.name("key"), reply.flag("exists"), reply.value("value", type), reply.number("version"));
    }

    static <T> List<Versioned<T>> allVersioned(List<Reply> replies, Class<T> type) {
        return replies.stream().map(reply -> versioned(reply, type)).toList();
    }

    static <T> TransactionResult<T> transaction(Reply reply, Class<T> type) {
        if (reply.flag("committed")) {
            List<Write<T>> writes = reply.objects("results").stream()
                    .map(write -> new Write<>(write.name("key"), Values.change(write, type), write.number("version")))
                    .toList();
            return new Committed<>(
                    reply.number("revision"), reply.name("tx_id"), writes, allVersioned(reply.objects("reads"), type));
        }
        return new Refused<>(reply.objects("failed").stream()
                .map(failure -> failure(failure, type))
                .toList());
    }

    private static <T> Failure<T> failure(Reply failure, Class<T> type) {
        List<UpdateError> errors = Values.change(failure, type).errors();
        return new Failure<>(
                (int) failure.number("index"),
                failure.name("key"),
                errors.isEmpty() ? versioned(failure, type) : null,
                errors);
    }

    static <T> Recorded<T> recorded(Reply entry, Class<T> type) {
        return new Recorded<>(
                entry.name("event_id"),
                entry.name("scope"),
                entry.name("key"),
                entry.name("op"),
                entry.number("revision"),
                entry.number("version"),
                Instant.ofEpochMilli(entry.number("timestamp")),
                entry.value("old_value", type),
                entry.value("new_value", type),
                entry.json());
    }

    static <T> StateEvent<T> event(Reply event, Class<T> type) {
        StateEvent.Kind kind =
                switch (event.name("event_type")) {
                    case "state:created" -> StateEvent.Kind.CREATED;
                    case "state:deleted" -> StateEvent.Kind.DELETED;
                    default -> StateEvent.Kind.UPDATED;
                };
        RawJson meta = event.raw("meta");
        return new StateEvent<>(
                kind,
                event.name("scope"),
                event.name("key"),
                event.value("old_value", type),
                event.value("new_value", type),
                meta.isNull() ? null : meta);
    }
}
