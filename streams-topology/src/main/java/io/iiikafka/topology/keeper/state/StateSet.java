package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code state::set} (spec: state.md 3.1). */
final class StateSet extends StateFunction {

    private static final long LONGEST_TTL_MS = 100L * 366 * 86_400_000;

    private final ValueLimit limit;

    StateSet(Partitioning partitioning, ValueLimit limit) {
        super("state::set", "Set a value in state", partitioning);
        this.limit = limit;
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        RawJson value = value(input);
        limit.check(value);
        checkVersion(input, draft, key);
        long ttl = input.integer("ttl_ms", 1, LONGEST_TTL_MS, 0);
        StateEntry before = draft.put(key, value, ttl == 0 ? 0 : draft.nowMs() + ttl);
        return changed(before == null ? null : before.value(), value);
    }

    /** {@code value}, which older SDKs call {@code data}. */
    private static RawJson value(Input input) {
        RawJson value = input.find("value");
        RawJson data = input.find("data");
        if (value != null && data != null) {
            throw input.misfit("duplicate field `value` (`data` is another name of it)");
        }
        RawJson given = value == null ? data : value;
        if (given == null) {
            throw input.misfit("missing field `value` (to store null, send an explicit null)");
        }
        return given;
    }

    static Outcome changed(@Nullable RawJson before, RawJson after) {
        int size = after.length() + (before == null ? 0 : before.length()) + 40;
        return new Outcome.Success(JsonBuilder.object(size)
                .member("old_value", before)
                .member("new_value", after)
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.SET_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.CHANGED;
    }
}
