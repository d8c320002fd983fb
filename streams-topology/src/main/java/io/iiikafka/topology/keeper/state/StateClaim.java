package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Decides who owns private scopes, all claims one after the other: the first claimant wins (spec: state.md 7.5). The
 * gateway that was asked has made sure of who the claimant is, and publishes what is decided here in the catalog.
 *
 * <p>The ledger holds a value for each scope, its owner, and one for each owner: {@code ["scope",…]}.
 */
public final class StateClaim extends StateFunction {

    public static final String ID = "iii::state::claim";

    private static final RawJson METADATA = RawJson.of("{\"internal\":true}");

    StateClaim(Partitioning partitioning) {
        super(ID, "Decide who owns private scopes", partitioning);
    }

    @Override
    public RawJson metadata() {
        return METADATA;
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(PrivateScopes.LEDGER);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        if (command.call().callerWorkerId() != null) {
            throw new Refusal(ErrorCode.FORBIDDEN, "Scopes are claimed by state::claim-namespace.");
        }
        String prefix = input.text("functions_prefix");
        StateKey ownersKey = new StateKey(PrivateScopes.LEDGER, "owner/" + prefix);
        TreeSet<String> owned = new TreeSet<>();
        StateEntry stored = draft.get(ownersKey);
        if (stored != null) {
            stored.value().forEachElement(scope -> owned.add(scope.text()));
        }
        List<String> added = new ArrayList<>();
        for (RawJson element : input.elements("scopes")) {
            String scope = input.element("scopes", element);
            check(scope, prefix, draft);
            if (owned.add(scope)) {
                added.add(scope);
            }
        }
        for (String scope : added) {
            draft.putSilently(scopeKey(scope), RawJson.ofValue(prefix));
        }
        RawJson all = RawJson.ofValue(List.copyOf(owned));
        if (!added.isEmpty()) {
            draft.putSilently(ownersKey, all);
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("claimed", !added.isEmpty())
                .member("scopes", all)
                .build());
    }

    private void check(String scope, String prefix, StateDraft draft) {
        if (scope.isEmpty() || partitioning().isSharded(scope)) {
            throw PrivateScopes.refusal(
                    ErrorCode.INVALID_SCOPE,
                    scope.isEmpty() ? "the empty scope cannot be private" : "'" + scope + "' is sharded");
        }
        if (scope.equals(PrivateScopes.LEDGER)) {
            throw PrivateScopes.refusal(ErrorCode.RESERVED_SCOPE, "'" + scope + "' is the engine's own");
        }
        StateEntry owner = draft.get(scopeKey(scope));
        if (owner != null && !prefix.equals(owner.value().text())) {
            throw PrivateScopes.refusal(
                    ErrorCode.SCOPE_CONFLICT, "'" + scope + "' belongs to '" + owner.value().text() + "'");
        }
    }

    private static StateKey scopeKey(String scope) {
        return new StateKey(PrivateScopes.LEDGER, "scope/" + scope);
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.CLAIM_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return null;
    }
}
