package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/** What a fork has changed since it was made, in the order of its list; what it has removed comes last. */
final class ForkChanges {

    /**
     * One key.
     *
     * @param base what the fork began with
     * @param now what it holds
     * @param parent what the parent holds now
     */
    record Change(
            String key, @Nullable StateEntry base, @Nullable StateEntry now, @Nullable StateEntry parent) {

        /** Whether the parent has changed it, too. */
        boolean conflicts() {
            return base == null || parent == null ? base != parent : base.revision() != parent.revision();
        }

        /** Whether the fork holds the same as the other. */
        boolean isAs(@Nullable StateEntry other) {
            return now == null || other == null ? now == other : JsonEquality.same(now.value(), other.value());
        }
    }

    private ForkChanges() {}

    static List<Change> of(StateDraft draft, Fork fork) {
        Set<String> keys = new TreeSet<>();
        draft.view().forEachOwn(fork.scope(), (key, entry) -> keys.add(key));
        Kept.forEachHidden(draft.view(), fork.scope(), (key, revision) -> keys.add(key));
        return of(draft, fork, keys);
    }

    /** Of these keys, changed or not. */
    static List<Change> of(StateDraft draft, Fork fork, Set<String> keys) {
        List<Change> changes = new ArrayList<>();
        LookBudget budget = new LookBudget(
                "What fork '" + fork.scope() + "' has changed", "merge it in parts by `keys`, or read its keys one by one");
        for (String key : keys) {
            StateKey above = new StateKey(fork.parent(), key);
            Change change = new Change(
                    key,
                    draft.view().at(above, fork.base()),
                    draft.get(new StateKey(fork.scope(), key)),
                    draft.get(above));
            Stream.of(change.base(), change.now(), change.parent())
                    .filter(Objects::nonNull)
                    .forEach(entry -> budget.take(key, entry));
            changes.add(change);
        }
        changes.sort(Comparator.comparingLong(change -> change.now() == null ? Long.MAX_VALUE : change.now().order()));
        return changes;
    }
}
