package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code state::diff}: what a fork has changed, compared with what it began with or with its parent as it is now (spec:
 * state.md 12.4).
 */
final class StateDiff extends ForkFunction {

    StateDiff(Partitioning partitioning) {
        super("state::diff", "Tell what a fork has changed", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        Fork fork = fork(input, draft);
        LookLimit.check(
                draft.scope(fork.scope()).keys(),
                "Fork '" + fork.scope() + "' has written",
                "compare single keys by state::read");
        String against = input.optionalText("against");
        if (against != null && !against.equals("base") && !against.equals("parent")) {
            throw input.misfit("unknown `against`, expected base or parent");
        }
        boolean parent = "parent".equals(against);
        JsonBuilder changes = JsonBuilder.array();
        JsonBuilder conflicts = JsonBuilder.array();
        for (ForkChanges.Change change : ForkChanges.of(draft, fork)) {
            StateEntry from = parent ? change.parent() : change.base();
            if (!change.isAs(from)) {
                changes.element(JsonBuilder.object()
                        .member("key", change.key())
                        .member("kind", from == null ? "added" : change.now() == null ? "removed" : "changed")
                        .member("from", from == null ? null : from.value())
                        .member("to", change.now() == null ? null : change.now().value())
                        .build());
            }
            if (change.conflicts() && !change.isAs(change.base())) { // else a merge would leave it alone
                conflicts.element(change.key());
            }
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("changes", changes.build())
                .member("conflicts", conflicts.build())
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.DIFF_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.DIFF;
    }
}
