package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code state::merge_fork}: does in the parent, as one transaction, what the fork has changed (spec: state.md 12.4).
 * {@code strategy}: {@code fail}, nothing is done when the parent has changed a key, too; {@code fork_wins}; {@code
 * parent_wins}.
 */
final class StateMergeFork extends ForkFunction {

    static final String ID = "state::merge_fork";

    /** So many changes take the keeper about a second. */
    private static final int MOST = 20_000;

    private static final Set<String> STRATEGIES = Set.of("fail", "fork_wins", "parent_wins");

    StateMergeFork(Partitioning partitioning) {
        super(ID, "Do in the parent what a fork has changed", partitioning);
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        Fork fork = fork(input, draft);
        String strategy = input.optionalText("strategy") == null ? "fail" : input.text("strategy");
        if (!STRATEGIES.contains(strategy)) {
            throw input.misfit("unknown `strategy`, expected fail, fork_wins or parent_wins");
        }
        boolean drop = input.flag("drop", true);
        if (drop && !Forks.of(draft, fork.scope()).isEmpty()) {
            throw new Refusal(
                    ErrorCode.FORK_IN_USE, "'" + fork.scope() + "' has forks; merge or drop them, or keep it by `drop`: false.");
        }
        List<ForkChanges.Change> changes = changes(input, draft, fork);
        JsonBuilder conflicts = JsonBuilder.array();
        boolean clean = true;
        for (ForkChanges.Change change : changes) {
            if (change.conflicts()) {
                clean = false;
                conflicts.element(change.key());
            }
        }
        JsonBuilder applied = JsonBuilder.array();
        boolean merged = clean || !strategy.equals("fail");
        if (merged) {
            for (ForkChanges.Change change : changes) {
                if (!change.conflicts() || strategy.equals("fork_wins")) {
                    apply(change, fork, draft);
                    applied.element(change.key());
                }
            }
        }
        if (merged && drop) {
            Forks.drop(draft, fork, false);
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("merged", merged)
                .member("revision", draft.scope(fork.parent()).revision())
                .member("applied", applied.build())
                .member("conflicts", conflicts.build())
                .build());
    }

    private static List<ForkChanges.Change> changes(Input input, StateDraft draft, Fork fork) {
        Set<String> keys = new TreeSet<>();
        input.elements("keys").forEach(key -> keys.add(input.element("keys", key)));
        boolean all = input.find("keys") == null || input.find("keys").isNull();
        if (all && draft.scope(fork.scope()).keys() + Kept.hidden(draft.view(), fork.scope(), MOST + 1) > MOST
                || keys.size() > MOST) {
            throw new Refusal(
                    ErrorCode.TX_TOO_LARGE,
                    "More than " + MOST + " keys would be merged at once; name some in `keys`, with `drop`: false, then"
                            + " others. Nothing was changed.");
        }
        return (all ? ForkChanges.of(draft, fork) : ForkChanges.of(draft, fork, keys)).stream()
                .filter(change -> !change.isAs(change.base()))
                .toList();
    }

    private static void apply(ForkChanges.Change change, Fork fork, StateDraft draft) {
        StateKey key = new StateKey(fork.parent(), change.key());
        if (change.now() != null) {
            draft.put(key, change.now().value(), change.now().expiresAtMs());
        } else if (change.parent() != null) {
            draft.remove(key);
        }
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.MERGE_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.MERGE;
    }
}
