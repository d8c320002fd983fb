package io.iiikafka.topology.keeper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;

/** What handlers are told of a change: exactly these six members, unless it asked for more (spec: state.md 5.2). */
final class StateEvent {

    static final String CREATED = "state:created";
    static final String UPDATED = "state:updated";
    static final String DELETED = "state:deleted";

    private StateEvent() {}

    /** Unique to the change, and the same whenever it is run again or told again. */
    static String id(StateChange change, Command command, int index) {
        return change.op() == Op.EXPIRE
                ? "expired:"
                        + UUID.nameUUIDFromBytes((change.key().recordKey() + '\0' + change.version()).getBytes(UTF_8))
                : command.position() + ":" + index;
    }

    /** Which change it is, for a seventh member (12.5), but for the attempt at telling it. */
    static RawJson meta(StateChange change, String eventId, Command command) {
        JsonBuilder meta = JsonBuilder.object()
                .member("event_id", eventId)
                .member("timestamp", command.timestampMs())
                .member("revision", change.revision())
                .member("version", change.version());
        if (change.op() == Op.TRANSACT || change.op() == Op.MERGE) {
            meta.member("tx_id", command.position());
        }
        if (command.call().traceparent() != null) {
            meta.member("traceparent", command.call().traceparent());
        }
        if (change.forkOf() != null) {
            meta.member("fork_of", change.forkOf());
        }
        return meta.member("cause", Cause.of(command.call()).toJson()).build();
    }

    static RawJson of(StateChange change) {
        return JsonBuilder.object()
                .member("type", "state")
                .member("event_type", type(change))
                .member("scope", change.key().scope())
                .member("key", change.key().key())
                .member("old_value", change.before() == null ? null : change.before().value())
                .member("new_value", change.after() == null ? null : change.after().value())
                .build();
    }

    static String type(StateChange change) {
        if (change.after() == null) {
            return DELETED;
        }
        return change.before() == null ? CREATED : UPDATED;
    }
}
