package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/** One of {@code state::*}. Decides from the input and what is stored alone; what it changes stands in the draft. */
abstract class StateFunction implements KeeperFunction {

    private final String id;
    private final String description;
    private final Partitioning partitioning;

    StateFunction(String id, String description, Partitioning partitioning) {
        this.id = id;
        this.description = description;
        this.partitioning = partitioning;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final String workerName() {
        return "iii-state";
    }

    @Override
    public final Placement placement(Call call) {
        try {
            return placement(Input.of(call), partitioning);
        } catch (Refusal refused) {
            return new Placement.Owner(""); // any partition can say so
        }
    }

    /** Whether it changes values, so that {@code idempotency_key} and {@code fence} mean something to it. */
    boolean writes() {
        return false;
    }

    final Partitioning partitioning() {
        return partitioning;
    }

    /** Of a function on one key. */
    Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(partitions.owner(address(input)));
    }

    /** @throws Refusal when the input does not fit or may not be; the draft is dropped then */
    abstract Outcome decide(Input input, Command command, StateDraft draft);

    /**
     * {@code if_version} of the input, when it is there: the version that the key must have, 0: the key must not be
     * there (spec: state.md 12.2).
     *
     * @throws Refusal when the key is at another
     */
    static void checkVersion(Input input, StateDraft draft, StateKey key) {
        long expected = input.integer("if_version", 0, Long.MAX_VALUE, -1);
        if (expected < 0 || expected == 0 && draft.get(key) == null) {
            return;
        }
        long version = draft.version(key);
        if (expected == 0 || expected != version) {
            throw new Refusal(
                    ErrorCode.VERSION_MISMATCH,
                    "Key '" + key.key() + "' of scope '" + key.scope() + "' is at version " + version
                            + (draft.get(key) == null ? " and is not there" : "") + ", not at " + expected
                            + "; read it again and decide anew. Nothing was changed.");
        }
    }

    /** {@code scope} and {@code key} of the input. */
    static StateKey address(Input input) {
        return new StateKey(input.text("scope"), input.text("key"));
    }
}
