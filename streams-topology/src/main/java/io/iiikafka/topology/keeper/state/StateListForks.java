package io.iiikafka.topology.keeper.state;

import java.util.ArrayDeque;
import java.util.Deque;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** {@code state::list_forks}: the forks of a scope, with {@code recursive} also theirs (spec: state.md 12.4). */
final class StateListForks extends ForkFunction {

    StateListForks(Partitioning partitioning) {
        super("state::list_forks", "List the forks of a scope", partitioning);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        boolean recursive = input.flag("recursive");
        JsonBuilder list = JsonBuilder.array();
        Deque<String> parents = new ArrayDeque<>();
        parents.add(input.text("scope"));
        while (!parents.isEmpty()) {
            for (Fork fork : Forks.of(draft, parents.remove())) {
                list.element(JsonBuilder.object()
                        .member("scope", fork.scope())
                        .member("parent", fork.parent())
                        .member("base_revision", fork.base())
                        .member("created_at", fork.createdAtMs())
                        .member("revision", draft.scope(fork.scope()).revision())
                        .member("metadata", fork.metadata())
                        .build());
                if (recursive) {
                    parents.add(fork.scope());
                }
            }
        }
        return new Outcome.Success(JsonBuilder.object().member("forks", list.build()).build());
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.LIST_FORKS_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.LIST_FORKS;
    }
}
