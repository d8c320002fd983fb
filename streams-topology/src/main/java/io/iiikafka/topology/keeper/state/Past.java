package io.iiikafka.topology.keeper.state;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * Values as they were, out of the history: at a revision a key was what its first change after that found (spec: state.md
 * 12.5).
 */
final class Past {

    private final StateDraft draft;
    private final HistoryStore history;

    Past(StateDraft draft, HistoryStore history) {
        this.draft = draft;
        this.history = history;
    }

    /** Which state of a value is meant. */
    interface Moment {

        /** Whether what came then was there at the moment, or before. */
        boolean includes(long revision, long timestampMs);

        /** Whether all changes since are in the history of the scope. */
        boolean isKept(ScopeInfo scope);

        /** Whether nothing was changed since. */
        boolean isNow(ScopeInfo scope);
    }

    record Revision(long revision) implements Moment {

        @Override
        public boolean includes(long then, long timestampMs) {
            return then <= revision;
        }

        @Override
        public boolean isKept(ScopeInfo scope) {
            return revision >= scope.forgotten();
        }

        @Override
        public boolean isNow(ScopeInfo scope) {
            return revision >= scope.revision();
        }
    }

    record Time(long ms) implements Moment {

        @Override
        public boolean includes(long revision, long timestampMs) {
            return timestampMs <= ms;
        }

        @Override
        public boolean isKept(ScopeInfo scope) {
            return scope.forgotten() == 0;
        }

        @Override
        public boolean isNow(ScopeInfo scope) {
            return false; // what a clock says of it is not certain
        }
    }

    /**
     * The value at that moment; null when there was none.
     *
     * @throws Refusal when it is not known any more
     */
    @Nullable StateEntry at(StateKey key, Moment moment) {
        StateEntry current = draft.get(key);
        if (current != null && moment.includes(current.revision(), current.changedAtMs())) {
            return current;
        }
        JsonNode[] first = new JsonNode[1];
        history.forEach(key, record -> {
            if (first[0] == null) {
                JsonNode read = JsonTree.read(record);
                first[0] = isAfter(read, moment) ? read : null;
            }
        });
        return before(key, first[0], moment);
    }

    /** The version of a key that was not there at the moment: that of its removal; 0: it is not known. */
    long version(StateKey key, Moment moment) {
        if (moment.isNow(draft.scope(key.scope()))) {
            return draft.version(key);
        }
        if (moment instanceof Revision then) {
            return LastVersion.at(draft, key, then.revision());
        }
        long[] last = new long[1];
        history.forEach(key, record -> {
            JsonNode read = JsonTree.read(record);
            last[0] = isAfter(read, moment) ? last[0] : read.path("version").longValue();
        });
        return last[0];
    }

    private static boolean isAfter(JsonNode record, Moment moment) {
        return !moment.includes(record.path("revision").longValue(), record.path("timestamp").longValue());
    }

    /** What the first change after the moment found. */
    private @Nullable StateEntry before(StateKey key, @Nullable JsonNode first, Moment moment) {
        if (first != null && ChangeRecord.existedBefore(first)) {
            StateEntry before = ChangeRecord.before(first);
            JsonNode was = first.path("was");
            if (before == null || !moment.includes(was.path(2).longValue(), was.path(3).longValue())) {
                throw gone(key.scope());
            }
            return before;
        }
        StateEntry current = draft.get(key);
        boolean createdSince = current == null || first != null || current.version() == 1;
        if (!moment.isKept(draft.scope(key.scope())) && !(createdSince && isFirst(first, current))) {
            throw gone(key.scope());
        }
        return null;
    }

    /** Whether the key was created for the first time after the moment. */
    private static boolean isFirst(@Nullable JsonNode first, @Nullable StateEntry current) {
        return first != null ? first.path("version").longValue() == 1 : current != null && current.version() == 1;
    }

    static Refusal gone(String scope) {
        return new Refusal(
                ErrorCode.REVISION_GONE,
                "Scope '" + scope + "' is not known as it was then: its history does not reach back so far, or is kept"
                        + " without values.");
    }

    /** All values of a scope at a revision, by key. */
    Map<String, StateEntry> all(String scope, long revision) {
        Moment moment = new Revision(revision);
        if (!moment.isKept(draft.scope(scope))) {
            throw gone(scope);
        }
        Map<String, StateEntry> all = new HashMap<>();
        LookBudget budget = LookBudget.ofScope(scope);
        draft.view().forEach(scope, (key, entry) -> {
            budget.take(key, entry);
            all.put(key, entry);
        });
        for (Map.Entry<String, JsonNode> change : firstAfter(scope, moment).entrySet()) {
            all.remove(change.getKey());
            StateEntry before = before(new StateKey(scope, change.getKey()), change.getValue(), moment);
            if (before != null) {
                all.put(change.getKey(), before);
            }
        }
        return all;
    }

    /**
     * The first change of each key after the moment.
     *
     * @throws Refusal when there are too many to look at, or they take too much memory
     */
    Map<String, JsonNode> firstAfter(String scope, Moment moment) {
        Map<String, JsonNode> first = new HashMap<>();
        LookBudget budget = LookBudget.ofHistory(scope);
        int[] seen = {0};
        history.forEach(scope, record -> {
            JsonNode read = JsonTree.read(record);
            if (isAfter(read, moment)) {
                LookLimit.check(
                        ++seen[0], "Since then the history of scope '" + scope + "' has", "ask for the past of single keys");
                if (first.putIfAbsent(read.path("key").textValue(), read) == null) {
                    budget.take(record);
                }
            }
        });
        return first;
    }

    /** Keys that a scope holds now, or held at the revision. */
    TreeSet<String> keys(String scope, Map<String, StateEntry> then) {
        TreeSet<String> keys = new TreeSet<>(then.keySet());
        draft.view().forEach(scope, (key, entry) -> keys.add(key));
        return keys;
    }
}
