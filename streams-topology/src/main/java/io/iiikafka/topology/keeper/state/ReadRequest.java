package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code state::read} asks for.
 *
 * @param scopes all that it touches
 * @param keys in the order of the request
 * @param whole whether all keys of its one scope are wanted instead
 * @param revision of its one scope that is wanted; negative: the newest
 */
record ReadRequest(Set<String> scopes, List<StateKey> keys, boolean whole, long revision) {

    static ReadRequest of(Input input) {
        long revision = input.integer("at_revision", 0, 1L << 53, -1);
        RawJson keys = input.find("keys");
        if (keys == null || keys.isNull()) {
            return new ReadRequest(Set.of(input.text("scope")), List.of(), true, revision);
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
        if (revision >= 0 && scopes.size() > 1) {
            throw input.misfit("`at_revision` is of one scope, and there are " + scopes.size());
        }
        return new ReadRequest(scopes, wanted, false, revision);
    }

    /** The reply, as far as this partition knows: {@code {"revisions":{…},"entries":[{…}]}}. */
    RawJson answer(StateDraft draft, HistoryStore history) {
        if (whole) {
            String scope = scopes.iterator().next();
            LookLimit.check(
                    draft.scope(scope).keys(),
                    "Scope '" + scope + "' holds",
                    "name the keys, or read it page by page by state::list_entries");
        }
        if (revision >= 0 && revision < draft.scope(scopes.iterator().next()).revision()) {
            return past(draft, history);
        }
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

    private RawJson past(StateDraft draft, HistoryStore history) {
        String scope = scopes.iterator().next();
        Past past = new Past(draft, history);
        JsonBuilder entries = JsonBuilder.array();
        if (whole) {
            past.all(scope, revision).entrySet().stream()
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().order()))
                    .forEach(entry -> entries.element(row(scope, entry.getKey(), entry.getValue(), 0)));
        } else {
            Past.Moment moment = new Past.Revision(revision);
            for (StateKey key : keys) {
                StateEntry entry = past.at(key, moment);
                entries.element(row(scope, key.key(), entry, entry == null ? past.version(key, moment) : 0));
            }
        }
        return JsonBuilder.object()
                .member("revisions", JsonBuilder.object().member(scope, revision).build())
                .member("entries", entries.build())
                .build();
    }

    /** @param removed the version of a key that was not there */
    private static RawJson row(String scope, String key, @Nullable StateEntry entry, long removed) {
        return JsonBuilder.object()
                .member("scope", scope)
                .member("key", key)
                .member("exists", entry != null)
                .member("value", entry == null ? RawJson.NULL : entry.value())
                .member("version", entry == null ? removed : entry.version())
                .build();
    }
}
