package io.iiikafka.topology.keeper.state;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** The state of one partition at work: a function decides, the applier changes, triggers hear of it. */
final class StateDesk implements Desk {

    private final Map<String, StateFunction> functions;
    private final StateStores stores;
    private final StateApplier applier;
    private final StateTriggers triggers;
    private final RecordLimit limit;
    private final PrivateScopes privates;
    private final Listings listings;

    StateDesk(
            Map<String, StateFunction> functions,
            StateStores stores,
            Listings listings,
            StateTriggers triggers,
            RecordLimit limit,
            PrivateScopes privates) {
        this.privates = privates;
        this.functions = functions;
        this.triggers = triggers;
        this.limit = limit;
        this.stores = stores;
        this.listings = listings;
        this.applier = new StateApplier(stores);
    }

    @Override
    public Decision run(Command command) {
        StateDraft draft = new StateDraft(stores, command.timestampMs());
        Outcome outcome;
        boolean silent;
        try {
            String id = command.call().functionId();
            String accessor = PrivateAccessor.prefixIn(id);
            StateFunction function = requireNonNull(
                    functions.get(accessor == null ? id : PrivateAccessor.publicId(accessor, id)));
            Input input = Input.of(command.call());
            privates.check(accessor, input);
            silent = accessor != null;
            String repeatable = function.writes() ? FirstReplies.name(input) : null;
            Outcome first = repeatable == null ? null : FirstReplies.find(draft, repeatable);
            if (first != null) {
                return Decision.of(first);
            }
            if (function.writes()) {
                Lease.check(input, draft, function.partitioning());
            }
            outcome = function.decide(input, command, draft);
            limit.check(command, outcome, draft.changes());
            if (repeatable != null) {
                limit.checkKept(outcome);
                FirstReplies.keep(draft, repeatable, outcome);
            }
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
        listings.keep(draft.changes());
        applier.apply(draft);
        return new Decision(outcome, silent ? List.of() : triggers.firings(command, draft.changes()));
    }
}
