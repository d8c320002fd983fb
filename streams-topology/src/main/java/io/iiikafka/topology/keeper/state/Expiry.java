package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;

/**
 * Values that were set for a time ({@code ttl_ms}, spec: state.md 12.2). The note {@code expires/<ms>/<scope>/<key>} says
 * when to look; what the value itself says decides, because a later write may have changed it.
 */
final class Expiry {

    private static final String DUE = "expires/";

    private Expiry() {}

    static void note(StateDraft draft, StateKey key, long expiresAtMs) {
        draft.note(Due.name(DUE, expiresAtMs, key.recordKey()), RawJson.NULL);
    }

    static List<String> due(StateView view, long nowMs, int most) {
        return view.notes(DUE, Due.name(DUE, nowMs + 1, ""), most);
    }

    /** When what the note stands for is due; {@link Long#MAX_VALUE} when it is another note. */
    static long dueMs(String name) {
        return name.startsWith(DUE) ? Due.ms(DUE, name) : Long.MAX_VALUE;
    }

    /** Does what is due; the note goes. */
    static void run(StateDraft draft, String name) {
        draft.note(name, null);
        StateKey key = StateKey.parse(Due.what(DUE, name));
        if (key != null) {
            draft.expire(key);
        }
    }
}
