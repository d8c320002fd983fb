package io.iiikafka.topology.keeper.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The values of one partition as they are at one moment: without those whose time is over, and in forks with those of
 * their parents (spec: state.md 12.2, 12.4).
 */
final class LiveView implements StateView {

    private final StateView stored;
    private final long nowMs;
    private @Nullable StateKey lastKey;
    private @Nullable StateEntry lastOwn;

    /**
     * @param stored what the stores hold
     */
    LiveView(StateView stored, long nowMs) {
        this.stored = stored;
        this.nowMs = nowMs;
    }

    /** What the scope itself holds under the key, over or not; not what it shows of a parent. */
    @Nullable StateEntry own(StateKey key) {
        if (!key.equals(lastKey)) {
            lastOwn = stored.get(key);
            lastKey = key;
        }
        return lastOwn;
    }

    /** All that the scope itself holds. */
    void forEachOwn(String scope, BiConsumer<String, StateEntry> visitor) {
        stored.forEach(scope, visitor);
    }

    @Override
    public @Nullable StateEntry get(StateKey key) {
        StateEntry own = own(key);
        if (own != null) {
            return own.isThere(nowMs) ? own : null;
        }
        Fork fork = Fork.find(this, key.scope());
        return fork == null || Kept.hidden(this, key) > 0 ? null : at(new StateKey(fork.parent(), key.key()), fork.base());
    }

    /** The value as it was at a revision that a fork shows. */
    @Nullable StateEntry at(StateKey key, long revision) {
        StateEntry own = own(key);
        if (own != null && own.revision() <= revision) {
            return own;
        }
        Kept kept = Kept.at(this, key, revision);
        if (kept != null) {
            return kept.entry();
        }
        Fork fork = Fork.find(this, key.scope());
        if (fork == null) {
            return null;
        }
        long hidden = Kept.hidden(this, key);
        return hidden > 0 && hidden <= revision ? null : at(new StateKey(fork.parent(), key.key()), fork.base());
    }

    @Override
    public void forEach(String scope, BiConsumer<String, StateEntry> visitor) {
        Fork fork = Fork.find(this, scope);
        if (fork == null) {
            stored.forEach(scope, (key, entry) -> {
                if (entry.isThere(nowMs)) {
                    visitor.accept(key, entry);
                }
            });
            return;
        }
        Map<String, StateEntry> shown = all(fork.parent(), fork.base());
        Kept.forEachHidden(this, scope, (key, revision) -> shown.remove(key));
        LookBudget budget = LookBudget.ofFork(scope);
        stored.forEach(scope, (key, entry) -> {
            shown.remove(key);
            if (entry.isThere(nowMs)) {
                budget.take(key, entry);
                shown.put(key, entry);
            }
        });
        shown.forEach(visitor);
    }

    /** All values as they were at a revision that a fork shows. */
    Map<String, StateEntry> all(String scope, long revision) {
        Fork fork = Fork.find(this, scope);
        Map<String, StateEntry> all = fork == null ? new HashMap<>() : all(fork.parent(), fork.base());
        LookBudget budget = LookBudget.ofFork(scope);
        if (fork != null) {
            Kept.forEachHidden(this, scope, (key, hidden) -> {
                if (hidden <= revision) {
                    all.remove(key);
                }
            });
        }
        stored.forEach(scope, (key, entry) -> {
            if (entry.revision() <= revision) {
                budget.take(key, entry);
                all.put(key, entry);
            }
        });
        Kept.forEach(this, scope, (key, kept, name) -> {
            if (kept.isAt(revision)) {
                all.remove(key);
                if (kept.entry() != null) {
                    all.put(key, kept.entry());
                }
            }
        });
        return all;
    }

    @Override
    public @Nullable RawJson note(String name) {
        return stored.note(name);
    }

    @Override
    public List<String> notes(String from, String before, int most) {
        return stored.notes(from, before, most);
    }

    @Override
    public List<Listing.Place> keys(String scope, long after, long until, int most) {
        return stored.keys(scope, after, until, most);
    }

    @Override
    public List<String> names(String from, String before, int most) {
        return stored.names(from, before, most);
    }

    @Override
    public void forEachNote(String prefix, BiConsumer<String, RawJson> visitor) {
        stored.forEachNote(prefix, visitor);
    }

    @Override
    public ScopeInfo scope(String scope) {
        return stored.scope(scope);
    }

    @Override
    public void forEachScope(String from, BiPredicate<String, ScopeInfo> visitor) {
        stored.forEachScope(from, visitor);
    }
}
