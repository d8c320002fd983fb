package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** What handlers are told of a change: exactly these six members (spec: state.md 5.2). */
final class StateEvent {

    private StateEvent() {}

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
            return "state:deleted";
        }
        return change.before() == null ? "state:created" : "state:updated";
    }
}
