package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/** {@code state::compare-and-set}: sets a value if it is what the caller expects (spec: state.md 7.2). */
final class StateCompareAndSet extends StateFunction {

    private static final RawJson SWAPPED = JsonBuilder.object().member("swapped", true).build();

    private final ValueLimit limit;

    StateCompareAndSet(Partitioning partitioning, ValueLimit limit) {
        super("state::compare-and-set", "Set a value if it is the expected one", partitioning);
        this.limit = limit;
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        StateKey key = address(input);
        RawJson value = input.require("value");
        StateEntry stored = draft.get(key);
        RawJson current = stored == null ? RawJson.NULL : stored.value();
        if (!matches(input.find("expected"), current)) {
            return new Outcome.Success(JsonBuilder.object(current.length() + 40)
                    .member("swapped", false)
                    .member("current", current)
                    .build());
        }
        limit.check(value);
        draft.put(key, value);
        return new Outcome.Success(SWAPPED);
    }

    /** Null stands for a missing key, too. */
    private static boolean matches(@Nullable RawJson expected, RawJson current) {
        return JsonEquality.same(expected == null ? RawJson.NULL : expected, current);
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.CAS_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.SWAPPED;
    }
}
