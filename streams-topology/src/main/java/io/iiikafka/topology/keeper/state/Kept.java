package io.iiikafka.topology.keeper.state;

import java.util.function.BiConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * What a key was before it was changed, kept because a fork shows it. Notes: {@code kept/<scope>/<key>}, a zero byte and
 * the first revision at which it was so, in 16 digits; {@code hidden/<scope>/<key>} stands for a key of a fork's parent
 * that the fork has removed, with the revision that did.
 *
 * @param entry null: it was hidden
 * @param from the first revision at which it was so
 * @param until the revision that ended it
 */
record Kept(@Nullable StateEntry entry, long from, long until) {

    static final String KEPT = "kept/";
    static final String HIDDEN = "hidden/";
    private static final int SUFFIX = 17;

    /** Whether the note is of what a key was, or of one that a fork has removed. */
    static boolean isNamedBy(String note) {
        return note.startsWith(KEPT) || note.startsWith(HIDDEN);
    }

    private static String name(StateKey key, long from) {
        return KEPT + key.recordKey() + '\0' + String.format("%016d", from);
    }

    void note(StateDraft draft, StateKey key) {
        JsonBuilder note = JsonBuilder.object().member("from", from).member("until", until);
        if (entry != null) {
            note.member("version", entry.version())
                    .member("order", entry.order())
                    .member("at", entry.changedAtMs())
                    .member("value", entry.value());
        }
        draft.note(name(key, from), note.build());
    }

    static Kept read(RawJson note) {
        JsonNode read = JsonTree.read(note);
        long from = read.path("from").longValue();
        StateEntry entry = !read.has("value")
                ? null
                : new StateEntry(
                        JsonTree.write(read.path("value")),
                        read.path("version").longValue(),
                        read.path("order").longValue(),
                        from,
                        read.path("at").longValue(),
                        0);
        return new Kept(entry, from, read.path("until").longValue());
    }

    boolean isAt(long revision) {
        return from <= revision && revision < until;
    }

    /** What the key was at that revision; null when nothing is kept of then. */
    static @Nullable Kept at(StateView view, StateKey key, long revision) {
        Kept[] found = new Kept[1];
        int length = name(key, 0).length();
        view.forEachNote(KEPT + key.recordKey() + '\0', (name, note) -> {
            if (found[0] == null && name.length() == length) {
                Kept kept = read(note);
                found[0] = kept.isAt(revision) ? kept : null;
            }
        });
        return found[0];
    }

    /** All that is kept of a scope, with its key and the name of its note. */
    static void forEach(StateView view, String scope, Visitor visitor) {
        view.forEachNote(KEPT + StateKey.prefixOf(scope), (name, note) -> {
            StateKey key = StateKey.parse(name.substring(KEPT.length(), name.length() - SUFFIX));
            if (key != null) {
                visitor.visit(key.key(), read(note), name);
            }
        });
    }

    @FunctionalInterface
    interface Visitor {

        void visit(String key, Kept kept, String name);
    }

    /** The revision that removed the parent's key from the fork; 0: it did not. */
    static long hidden(StateDraft draft, StateKey key) {
        return revision(draft.note(HIDDEN + key.recordKey()));
    }

    static long hidden(StateView view, StateKey key) {
        return revision(view.note(HIDDEN + key.recordKey()));
    }

    private static long revision(@Nullable RawJson note) {
        return note == null ? 0 : Long.parseLong(note.toString());
    }

    /** Notes that the fork has removed the key; 0: that it has not. */
    static void hide(StateDraft draft, StateKey key, long revision) {
        draft.note(HIDDEN + key.recordKey(), revision == 0 ? null : RawJson.of(Long.toString(revision)));
    }

    /** How many keys of the parent the fork has removed; counts no further than that. */
    static int hidden(StateView view, String scope, int most) {
        String prefix = HIDDEN + StateKey.prefixOf(scope);
        return view.notes(prefix, HIDDEN + StateKey.endOf(scope), most).size();
    }

    static void forEachHidden(StateView view, String scope, BiConsumer<String, Long> visitor) {
        String prefix = HIDDEN + StateKey.prefixOf(scope);
        view.forEachNote(prefix, (name, note) -> visitor.accept(name.substring(prefix.length()), revision(note)));
    }
}
