package io.iiikafka.topology.keeper.state;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Which scopes are private, and to whom (spec: state.md 7.5). They are used by the owner's accessors, such as {@code
 * harness::state::get}, and by nothing else. The catalog's thread changes it, any thread asks.
 */
final class PrivateScopes implements CatalogListener {

    /** Where claims are kept; private to nobody. */
    static final String LEDGER = "__state_private_namespaces";

    private static final String NOBODY = "";

    private final Map<String, String> owners = new ConcurrentHashMap<>(Map.of(LEDGER, NOBODY));

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.PrivateScopes claim) {
            claim.scopes().forEach(scope -> owners.put(scope, claim.prefix()));
        }
    }

    boolean contains(String scope) {
        return owners.containsKey(scope);
    }

    /** @throws Refusal when the input names a scope that the function may not touch */
    void check(@Nullable String accessor, Input input) {
        check(accessor, input.find("scope"));
        RawJson keys = input.find("keys");
        if (keys != null) {
            keys.forEachElement(key -> key.forEachMember((name, value) -> {
                if (name.equals("scope")) {
                    check(accessor, value);
                }
            }));
        }
    }

    private void check(@Nullable String accessor, @Nullable RawJson named) {
        String scope = named == null ? null : named.text();
        String owner = scope == null ? null : owners.get(scope);
        if (accessor == null && owner != null) {
            throw refusal(ErrorCode.RESERVED_SCOPE, "scope '" + scope + "' is private to the workers that claimed it");
        }
        if (accessor != null && scope != null && !accessor.equals(owner)) {
            throw refusal(ErrorCode.INVALID_SCOPE, "scope '" + scope + "' has not been claimed by '" + accessor
                    + "'; claim it by state::claim-namespace");
        }
    }

    static Refusal refusal(ErrorCode code, String what) {
        return new Refusal(code, code.code() + ": " + what);
    }
}
