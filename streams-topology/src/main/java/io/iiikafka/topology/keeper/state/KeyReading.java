package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** How replies show a key as it is: {@code {"key","exists","value","version"}}. */
final class KeyReading {

    private KeyReading() {}

    static JsonBuilder of(StateDraft draft, StateKey key) {
        return add(JsonBuilder.object(), draft, key);
    }

    static JsonBuilder add(JsonBuilder object, StateDraft draft, StateKey key) {
        StateEntry entry = draft.get(key);
        return object.member("key", key.key())
                .member("exists", entry != null)
                .member("value", entry == null ? RawJson.NULL : entry.value())
                .member("version", draft.version(key));
    }
}
