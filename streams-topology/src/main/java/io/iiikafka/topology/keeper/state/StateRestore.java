package io.iiikafka.topology.keeper.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::restore}: makes a key, or a whole scope, what it was at a revision, by new changes in one transaction
 * (spec: state.md 12.5). What is so already is not written.
 */
final class StateRestore extends StateFunction {

    StateRestore(Partitioning partitioning) {
        super("state::restore", "Make values what they were", partitioning);
    }

    @Override
    boolean writes() {
        return true;
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        String key = input.optionalText("key");
        return new Placement.Owner(partitions.owner(new StateKey(input.text("scope"), key == null ? "" : key)));
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        String scope = input.text("scope");
        String key = input.optionalText("key");
        input.require("revision");
        long revision = input.integer("revision", 0, 1L << 53, 0);
        Past past = new Past(draft, draft.history());
        Map<String, @Nullable StateEntry> wanted = new HashMap<>();
        List<String> keys;
        if (key != null) {
            wanted.put(key, past.at(new StateKey(scope, key), new Past.Revision(revision)));
            keys = List.of(key);
        } else {
            if (partitioning().isSharded(scope)) {
                throw new Refusal(ErrorCode.CROSS_SCOPE, "Scope '" + scope + "' is sharded: restore its keys one by one.");
            }
            Map<String, StateEntry> then = past.all(scope, revision);
            wanted.putAll(then);
            keys = List.copyOf(past.keys(scope, then));
        }
        JsonBuilder results = JsonBuilder.array();
        for (String each : keys) {
            restore(new StateKey(scope, each), wanted.get(each), draft, results);
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("committed", true)
                .member("revision", draft.scope(scope).revision())
                .member("tx_id", command.position())
                .member("results", results.build())
                .member("reads", RawJson.of("[]"))
                .build());
    }

    private static void restore(StateKey key, @Nullable StateEntry wanted, StateDraft draft, JsonBuilder results) {
        StateEntry current = draft.get(key);
        if (current == null ? wanted == null : wanted != null && JsonEquality.same(current.value(), wanted.value())) {
            return;
        }
        if (wanted == null) {
            draft.remove(key);
        } else {
            draft.put(key, wanted.value());
        }
        results.element(JsonBuilder.object()
                .member("key", key.key())
                .member("old_value", current == null ? null : current.value())
                .member("new_value", wanted == null ? null : wanted.value())
                .member("version", draft.version(key))
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.RESTORE_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.TRANSACT;
    }
}
