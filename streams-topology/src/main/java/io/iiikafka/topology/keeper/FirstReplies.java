package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The first reply to each {@code idempotency_key} of a scope or a group, for 24 hours: a repeat gets it and changes
 * nothing (spec: state.md 12.2). Errors are not kept, because with them nothing was changed.
 *
 * <p>Notes: {@code reply/<scope>/<key>} holds {@code {"at":<epoch ms>,"reply":<json>}}, {@code reply-due/<ms>/<that
 * name>} stands for when it may go. Each write with such a key takes a few away that are due, so they need no clock.
 */
public final class FirstReplies {

    private static final long KEPT_MS = 24 * 3_600_000L;
    private static final int LONGEST_KEY = 256;
    private static final int SWEPT = 4;
    private static final String DUE = "reply-due/";

    private FirstReplies() {}

    /** What the caller calls its write; null: nothing, so that a repeat is a write of its own. */
    public static @Nullable String key(Input input) {
        String key = input.optionalText("idempotency_key");
        if (key != null && key.getBytes(UTF_8).length > LONGEST_KEY) {
            throw input.misfit("`idempotency_key` is longer than " + LONGEST_KEY + " bytes");
        }
        return key;
    }

    /**
     * Under which the reply is noted.
     *
     * @param owner the scope, or the group, with a slash at its end
     */
    public static String name(String owner, String key) {
        return "reply/" + owner + key;
    }

    public static @Nullable Outcome find(Notes draft, String name) {
        Map<String, RawJson> members = members(draft, name);
        if (members.isEmpty() || draft.nowMs() >= at(members) + KEPT_MS) {
            return null;
        }
        return members.containsKey("reply") ? new Outcome.Success(members.get("reply")) : Outcome.NO_VALUE;
    }

    private static Map<String, RawJson> members(Notes draft, String name) {
        RawJson note = draft.note(name);
        Map<String, RawJson> members = new HashMap<>();
        if (note != null) {
            note.forEachMember(members::put);
        }
        return members;
    }

    private static long at(Map<String, RawJson> members) {
        return Long.parseLong(String.valueOf(members.get("at")));
    }

    public static void keep(Notes draft, String name, Outcome outcome) {
        if (!(outcome instanceof Outcome.Success success)) {
            return;
        }
        sweep(draft);
        JsonBuilder note = JsonBuilder.object().member("at", draft.nowMs());
        if (success.value() != null) {
            note.member("reply", success.value());
        }
        draft.note(name, note.build());
        draft.note(due(draft.nowMs() + KEPT_MS) + "/" + name, RawJson.NULL);
    }

    private static String due(long ms) {
        return DUE + String.format("%015d", ms);
    }

    private static void sweep(Notes draft) {
        for (String due : draft.notes(DUE, due(draft.nowMs()), SWEPT)) {
            String name = due.substring(due(0).length() + 1);
            Map<String, RawJson> members = members(draft, name);
            if (!members.isEmpty() && due.equals(due(at(members) + KEPT_MS) + "/" + name)) {
                draft.note(name, null);
            }
            draft.note(due, null);
        }
    }
}
