package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

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

    /** Members whose elements may name scopes of their own. */
    private static final List<String> LISTS = List.of("keys", "checks", "writes");

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

    /**
     * @param further looks at each scope, too
     * @throws Refusal when the input names a scope that the function may not touch
     */
    void check(@Nullable String accessor, Input input, Consumer<String> further) {
        check(accessor, input.find("scope"), further);
        for (String list : LISTS) {
            RawJson parts = input.find(list);
            if (parts != null) {
                parts.forEachElement(part -> part.forEachMember((name, value) -> {
                    if (name.equals("scope")) {
                        check(accessor, value, further);
                    }
                }));
            }
        }
    }

    /** @throws Refusal when nobody but its owner may write the scope, which is not the one that the input names */
    void checkWritten(String scope) {
        if (owners.containsKey(scope)) {
            throw reserved(scope);
        }
    }

    private void check(@Nullable String accessor, @Nullable RawJson named, Consumer<String> further) {
        String scope = named == null ? null : named.text();
        if (scope != null) {
            further.accept(scope);
        }
        String owner = scope == null ? null : owners.get(scope);
        if (accessor == null && scope != null && owner != null) {
            throw reserved(scope);
        }
        if (accessor != null && scope != null && !accessor.equals(owner)) {
            throw refusal(ErrorCode.INVALID_SCOPE, "scope '" + scope + "' has not been claimed by '" + accessor
                    + "'; claim it by state::claim-namespace");
        }
    }

    private static Refusal reserved(String scope) {
        return refusal(ErrorCode.RESERVED_SCOPE, "scope '" + scope + "' is private to the workers that claimed it");
    }

    static Refusal refusal(ErrorCode code, String what) {
        return new Refusal(code, code.code() + ": " + what);
    }
}
