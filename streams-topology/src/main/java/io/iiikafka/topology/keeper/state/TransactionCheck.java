package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/** What must hold for a transaction: {@code {"key","version"?,"exists"?,"equals"?}}, all that it names. */
final class TransactionCheck {

    private TransactionCheck() {}

    /** Those that do not hold, as {@code [{"index","key","exists","value","version"}]}; null when all do. */
    static @Nullable RawJson failures(List<Input> checks, String scope, StateDraft draft) {
        JsonBuilder failed = JsonBuilder.array();
        boolean any = false;
        for (int i = 0; i < checks.size(); i++) {
            String named = checks.get(i).optionalText("scope");
            StateKey key = new StateKey(named == null ? scope : named, checks.get(i).text("key"));
            if (!holds(checks.get(i), key, draft)) {
                any = true;
                failed.element(
                        KeyReading.add(JsonBuilder.object().member("index", i), draft, key).build());
            }
        }
        return any ? failed.build() : null;
    }

    private static boolean holds(Input check, StateKey key, StateDraft draft) {
        StateEntry entry = draft.get(key);
        RawJson exists = check.find("exists");
        RawJson equals = check.find("equals");
        long version = check.integer("version", 0, Long.MAX_VALUE, -1);
        if (exists == null && equals == null && version < 0) {
            throw check.misfit("expected `version`, `exists` or `equals`");
        }
        return (version < 0 || version == 0 && entry == null || version > 0 && version == draft.version(key))
                && (exists == null || check.flag("exists") == (entry != null))
                && (equals == null || entry != null && JsonEquality.same(equals, entry.value()));
    }
}
