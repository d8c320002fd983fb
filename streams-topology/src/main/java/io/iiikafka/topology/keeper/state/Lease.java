package io.iiikafka.topology.keeper.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * Who may act on a key for a time (spec: state.md 12.3). Noted as {@code lease/<scope>/<key>}; it stays there when it is
 * over, because its fence must go on growing.
 *
 * @param owner null: released
 * @param fence one more with each new owner; 0: never held
 * @param expiresAtMs epoch milliseconds from which on it is free
 */
record Lease(@Nullable String owner, long fence, long expiresAtMs) {

    private static final Lease NONE = new Lease(null, 0, 0);

    static Lease of(StateDraft draft, StateKey key) {
        RawJson note = draft.note(name(key));
        if (note == null) {
            return NONE;
        }
        JsonNode read = JsonTree.read(note);
        return new Lease(
                read.path("owner").textValue(),
                read.path("fence").longValue(),
                read.path("expires_at").longValue());
    }

    private static String name(StateKey key) {
        return "lease/" + key.recordKey();
    }

    boolean isHeld(long nowMs) {
        return owner != null && nowMs < expiresAtMs;
    }

    boolean isHeldBy(String other, long nowMs) {
        return isHeld(nowMs) && other.equals(owner);
    }

    void note(StateDraft draft, StateKey key) {
        draft.note(name(key), members().build());
    }

    private JsonBuilder members() {
        return members(JsonBuilder.object());
    }

    private JsonBuilder members(JsonBuilder object) {
        return object.member("owner", owner).member("fence", fence).member("expires_at", expiresAtMs);
    }

    RawJson reply(boolean held) {
        return members(JsonBuilder.object().member("held", held)).build();
    }

    /**
     * {@code fence: {"key":…,"value":…}} of a write: refuses the one who held the lease before somebody else did.
     *
     * @throws Refusal when a newer fence has been given out
     */
    static void check(Input input, StateDraft draft, Partitioning partitioning) {
        RawJson fence = input.find("fence");
        if (fence == null || fence.isNull()) {
            return;
        }
        Input members = input.object("fence", fence);
        StateKey key = new StateKey(input.text("scope"), members.text("key"));
        members.require("value");
        long value = members.integer("value", 0, Long.MAX_VALUE, 0);
        if (partitioning.isSharded(key.scope()) && !key.key().equals(input.optionalText("key"))) {
            throw new Refusal(
                    ErrorCode.CROSS_SCOPE,
                    "Scope '" + key.scope() + "' is sharded: only the lease of the same key can fence a write of it.");
        }
        long current = of(draft, key).fence();
        if (value < current) {
            throw new Refusal(
                    ErrorCode.FENCED,
                    "The lease of '" + key.key() + "' in scope '" + key.scope() + "' is at fence " + current
                            + ", the write came with " + value + "; acquire it again. Nothing was changed.");
        }
    }
}
