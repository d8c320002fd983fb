package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of one partition, forks first if they are wanted, page by page. A cursor holds all that the next page needs,
 * {@code {"prefix":"a","forks_after":"a@b"}} or {@code {"prefix":"a","from":"a1"}}; nothing is kept for it.
 */
final class StateGroupsPart extends StateFunction {

    static final String ID = "iii::state::groups_part";
    static final String NEXT = "iii::state::groups_next";

    private static final String BEYOND_FORKS = "fork0";
    private static final int PAGE_SCOPES = 2_000;
    private static final int PAGE_BYTES = 64 * 1024;

    private final PrivateScopes privates;

    StateGroupsPart(String id, PrivateScopes privates) {
        super(id, "Scopes of one partition", Partitioning.WHOLE);
        this.privates = privates;
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        if (!id().equals(NEXT)) {
            String prefix = input.optionalText("prefix") == null ? "" : input.text("prefix");
            boolean forks = input.flag("include_forks");
            return page(forks ? forks(prefix, prefix, draft) : scopes(prefix, prefix, draft));
        }
        if (input.flag("close")) {
            return new Outcome.Success(RawJson.NULL);
        }
        Input cursor = Input.of(id(), RawJson.of(input.text("cursor")));
        String prefix = cursor.text("prefix");
        String fork = cursor.optionalText("forks_after");
        return page(fork == null
                ? scopes(prefix, cursor.text("from"), draft)
                : forks(prefix, fork + '\0', draft));
    }

    private static Outcome page(Page page) {
        return new Outcome.Success(page.toJson());
    }

    private static Page forks(String prefix, String from, StateDraft draft) {
        JsonBuilder rows = JsonBuilder.array();
        List<String> notes = draft.view().notes(Fork.NAME + from, BEYOND_FORKS, PAGE_SCOPES);
        for (String note : notes) {
            String scope = note.substring(Fork.NAME.length());
            if (!scope.startsWith(prefix)) {
                return new Page(rows.build(), scopesFrom(prefix, prefix), 0);
            }
            rows.element(scope);
        }
        String next = notes.size() < PAGE_SCOPES
                ? scopesFrom(prefix, prefix)
                : JsonBuilder.object()
                        .member("prefix", prefix)
                        .member("forks_after", notes.getLast().substring(Fork.NAME.length()))
                        .build()
                        .toString();
        return new Page(rows.build(), next, 0);
    }

    private static String scopesFrom(String prefix, String from) {
        return JsonBuilder.object().member("prefix", prefix).member("from", from).build().toString();
    }

    private Page scopes(String prefix, String from, StateDraft draft) {
        JsonBuilder rows = JsonBuilder.array();
        int[] looked = new int[1];
        int[] bytes = new int[1];
        String[] next = new String[1];
        draft.view().forEachScope(from, (scope, info) -> {
            if (!scope.startsWith(prefix)) {
                return false;
            }
            if (looked[0] >= PAGE_SCOPES || bytes[0] >= PAGE_BYTES) {
                next[0] = scopesFrom(prefix, scope);
                return false;
            }
            looked[0]++;
            if (info.keys() > 0 && !privates.contains(scope) && Fork.find(draft.view(), scope) == null) {
                rows.element(scope);
                bytes[0] += scope.length();
            }
            return true;
        });
        return new Page(rows.build(), next[0], 0);
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
