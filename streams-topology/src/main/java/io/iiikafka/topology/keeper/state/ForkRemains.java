package io.iiikafka.topology.keeper.state;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * What a fork held that was dropped, and what its parent kept for it, cleared away bit by bit between other commands. Until
 * it is gone its name is not free. The note {@code fork-clear/<scope>} holds how far that is.
 *
 * @param parent of the fork
 * @param part which of its parts is at turn
 * @param from the name in that part from which on it is still there; empty: all is
 */
record ForkRemains(String scope, String parent, int part, String from) {

    /** So much is cleared away at once; takes some milliseconds. */
    static final int PAGE = 1_000;

    private static final String NAME = "fork-clear/";
    private static final String END = "fork-clear0";

    private static final int VALUES = 0;
    private static final int HISTORY = 1;
    private static final int HIDDEN = 2;
    private static final int KEPT = 3;
    private static final int KEPT_BY_PARENT = 4;
    private static final int NOTHING = 5;

    static boolean isNamedBy(String note) {
        return note.startsWith(NAME);
    }

    /** Some scope of which something remains; null: there is none. */
    static @Nullable String any(StateView view) {
        List<String> names = view.notes(NAME, END, 1);
        return names.isEmpty() ? null : names.getFirst().substring(NAME.length());
    }

    static boolean areOf(StateDraft draft, String scope) {
        return draft.note(NAME + scope) != null;
    }

    /** @throws Refusal when what the scope held as a fork is still there */
    static void refuse(StateDraft draft, String scope) {
        if (scope.indexOf(Fork.SEPARATOR) >= 0 && areOf(draft, scope)) {
            throw new Refusal(
                    ErrorCode.FORK_NOT_FOUND,
                    "The fork '" + scope + "' was dropped, and what it held is being cleared away; its name is free again in"
                            + " a moment.");
        }
    }

    static ForkRemains of(Fork fork) {
        return new ForkRemains(fork.scope(), fork.parent(), VALUES, "");
    }

    /** Clears a page of what remains of the scope. */
    static void clear(StateDraft draft, String scope) {
        RawJson note = draft.note(NAME + scope);
        if (note != null) {
            JsonNode read = JsonTree.read(note);
            new ForkRemains(
                            scope,
                            read.path("parent").textValue(),
                            read.path("part").intValue(),
                            read.path("from").textValue())
                    .clear(draft);
        }
    }

    /** Clears a page, and notes how far it came, if something is left. */
    void clear(StateDraft draft) {
        List<Fork> siblings = Forks.of(draft, parent);
        ForkRemains left = this;
        int most = PAGE;
        while (left.part != NOTHING && most > 0) {
            List<String> names = left.names(draft, most);
            for (String name : names) {
                left.remove(draft, name, siblings);
            }
            left = names.size() < most ? left.with(left.part + 1, "") : left.with(left.part, names.getLast() + '\0');
            most -= Math.max(1, names.size());
        }
        draft.note(NAME + scope, left.part == NOTHING ? null : left.note());
    }

    private ForkRemains with(int nextPart, String nextFrom) {
        return new ForkRemains(scope, parent, nextPart, nextFrom);
    }

    private RawJson note() {
        return JsonBuilder.object()
                .member("parent", parent)
                .member("part", part)
                .member("from", from)
                .build();
    }

    private List<String> names(StateDraft draft, int most) {
        String prefix = StateKey.prefixOf(scope);
        String end = StateKey.endOf(scope);
        return switch (part) {
            case VALUES -> draft.view().names(from.isEmpty() ? prefix : from, end, most);
            case HISTORY -> draft.history().names(from.isEmpty() ? prefix : from, end, most);
            case HIDDEN -> notes(draft, Kept.HIDDEN, scope, most);
            case KEPT -> notes(draft, Kept.KEPT, scope, most);
            case KEPT_BY_PARENT -> notes(draft, Kept.KEPT, parent, most);
            default -> List.of();
        };
    }

    private List<String> notes(StateDraft draft, String kind, String of, int most) {
        return draft.view()
                .notes(from.isEmpty() ? kind + StateKey.prefixOf(of) : from, kind + StateKey.endOf(of), most);
    }

    private void remove(StateDraft draft, String name, List<Fork> siblings) {
        switch (part) {
            case VALUES -> {
                StateKey key = StateKey.parse(name);
                if (key != null) {
                    draft.erase(key);
                }
            }
            case HISTORY -> draft.eraseHistory(scope, name);
            case HIDDEN, KEPT -> draft.note(name, null);
            case KEPT_BY_PARENT -> release(draft, name, siblings);
            default -> throw new IllegalStateException("part " + part);
        }
    }

    /** What the parent kept may be shown by another of its forks. */
    private static void release(StateDraft draft, String name, List<Fork> siblings) {
        RawJson note = draft.note(name);
        if (note != null) {
            Kept kept = Kept.read(note);
            if (siblings.stream().noneMatch(fork -> kept.isAt(fork.base()))) {
                draft.note(name, null);
            }
        }
    }
}
