package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;

/**
 * What a {@code state::read} asks for.
 *
 * @param scopes all that it touches
 * @param keys in the order of the request
 * @param whole whether all keys of its one scope are wanted instead
 */
record ReadRequest(Set<String> scopes, List<StateKey> keys, boolean whole) {

    static ReadRequest of(Input input) {
        if (input.find("at_revision") != null) {
            throw input.misfit("`at_revision` needs the history of the scope, which is not kept");
        }
        RawJson keys = input.find("keys");
        if (keys == null || keys.isNull()) {
            return new ReadRequest(Set.of(input.text("scope")), List.of(), true);
        }
        List<StateKey> wanted = new ArrayList<>();
        for (RawJson element : input.elements("keys")) {
            String where = "keys[" + wanted.size() + "]";
            if (element.isObject()) {
                Input address = input.object(where, element);
                String scope = address.optionalText("scope");
                wanted.add(new StateKey(scope == null ? input.text("scope") : scope, address.text("key")));
            } else {
                wanted.add(new StateKey(input.text("scope"), input.element(where, element)));
            }
        }
        Set<String> scopes = new LinkedHashSet<>();
        wanted.forEach(key -> scopes.add(key.scope()));
        if (scopes.isEmpty()) {
            scopes.add(input.text("scope"));
        }
        return new ReadRequest(scopes, wanted, false);
    }

    /** The reply, as far as this partition knows: {@code {"revisions":{…},"entries":[{…}]}}. */
    RawJson answer(StateDraft draft) {
        JsonBuilder revisions = JsonBuilder.object();
        scopes.forEach(scope -> revisions.member(scope, draft.scope(scope).revision()));
        JsonBuilder entries = JsonBuilder.array();
        if (whole) {
            String scope = scopes.iterator().next();
            Row.of(draft.view(), scope).forEach(row -> entries.element(JsonBuilder.object(row.value().length() + 120)
                    .member("scope", scope)
                    .member("key", row.key())
                    .member("exists", true)
                    .member("value", row.value())
                    .member("version", row.version())
                    .build()));
        } else {
            keys.forEach(key -> entries.element(
                    KeyReading.add(JsonBuilder.object().member("scope", key.scope()), draft, key).build()));
        }
        return JsonBuilder.object()
                .member("revisions", revisions.build())
                .member("entries", entries.build())
                .build();
    }
}
