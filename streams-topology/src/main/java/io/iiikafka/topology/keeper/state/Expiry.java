package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.Objects;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;
import org.jspecify.annotations.Nullable;

/**
 * Values that were set for a time ({@code ttl_ms}, spec: state.md 12.2). The note {@code expires/<ms>/<scope>/<key>} says
 * when to look; it goes with the value, and with the next write of it. What the value itself says decides.
 */
final class Expiry {

    private static final String DUE = "expires/";

    private Expiry() {}

    static void note(StateDraft draft, StateKey key, long expiresAtMs) {
        draft.note(name(key, expiresAtMs), RawJson.NULL);
    }

    /** The value stands there no more: its note goes, if it has one. */
    static void forget(StateDraft draft, StateKey key, @Nullable StateEntry entry) {
        if (entry != null && entry.expiresAtMs() != 0) {
            draft.note(name(key, entry.expiresAtMs()), null);
        }
    }

    static String name(StateKey key, long expiresAtMs) {
        return Due.name(DUE, expiresAtMs, key.recordKey());
    }

    static boolean isNamedBy(String note) {
        return note.startsWith(DUE);
    }

    static List<String> due(StateView view, long nowMs, int most) {
        return view.notes(DUE, Due.name(DUE, nowMs + 1, ""), most);
    }

    /** When what the note stands for is due; {@link Long#MAX_VALUE} when it is another note. */
    static long dueMs(String name) {
        return isNamedBy(name) ? Due.ms(DUE, name) : Long.MAX_VALUE;
    }

    /** Does what is due; the note goes. What a dropped fork held goes with it, and nobody hears of that. */
    static void run(StateDraft draft, String name) {
        draft.note(name, null);
        StateKey key = key(name);
        if (key != null && !ForkRemains.areOf(draft, key.scope())) {
            draft.expire(key);
        }
    }

    /** Removes what is due in one scope, at most so much. */
    static void run(StateDraft draft, String scope, int most) {
        due(draft.view(), draft.nowMs(), most).stream()
                .map(Expiry::key)
                .filter(Objects::nonNull)
                .filter(key -> key.scope().equals(scope))
                .forEach(draft::expire);
    }

    private static @Nullable StateKey key(String name) {
        return StateKey.parse(Due.what(DUE, name));
    }
}
