package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * Keeps others from updating an item that a worker keeps while one gateway reads, changes and writes it: takes the lock,
 * or gives it back. Answers whether the caller has it now.
 *
 * <p>Input: the item's names, {@code token} (who asks), {@code hold_ms} (how long at most; 0: give it back). A note,
 * {@code lock/<stream>/<group>/<item>}, holds the token and when it ends.
 */
final class ItemLock extends StreamFunction {

    static final String ID = "iii::stream::lock";

    private static final long LONGEST_MS = 600_000;

    ItemLock() {
        super(ID, "Lock of an item that a worker keeps", StreamSchemas.ITEM, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        String name = "lock/" + group(input).itemKey(item(input));
        String token = input.text("token");
        long hold = input.integer("hold_ms", 0, LONGEST_MS, 0);
        RawJson note = draft.note(name);
        Input held = note == null ? null : input.object("lock", note);
        boolean others = held != null
                && !held.text("token").equals(token)
                && draft.nowMs() < held.integer("until", 0, Long.MAX_VALUE, 0);
        if (!others) {
            draft.note(name, hold == 0 ? null : lock(token, draft.nowMs() + hold));
        }
        return new Outcome.Success(RawJson.of(Boolean.toString(!others && hold > 0)));
    }

    private static RawJson lock(String token, long until) {
        return JsonBuilder.object().member("token", token).member("until", until).build();
    }
}
