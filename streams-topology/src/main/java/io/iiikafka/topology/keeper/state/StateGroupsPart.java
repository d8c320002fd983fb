package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The scopes of one partition. */
final class StateGroupsPart extends StateFunction {

    static final String ID = "iii::state::groups_part";

    private final PrivateScopes privates;

    StateGroupsPart(PrivateScopes privates) {
        super(ID, "Scopes of one partition", Partitioning.WHOLE);
        this.privates = privates;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        JsonBuilder scopes = JsonBuilder.array();
        boolean forks = input.flag("include_forks");
        if (forks) {
            draft.view().forEachNote(Fork.NAME, (name, note) -> scopes.element(name.substring(Fork.NAME.length())));
        }
        draft.view().forEachScope(scope -> {
            if (!privates.contains(scope)) {
                scopes.element(scope);
            }
        });
        return new Outcome.Success(scopes.build());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.GROUPS_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
