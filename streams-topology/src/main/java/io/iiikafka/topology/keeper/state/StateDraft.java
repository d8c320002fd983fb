package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What one command changes, on top of what is there: it reads its own changes, and nothing is stored until an {@link
 * StateApplier} does so. A draft that is dropped has changed nothing.
 */
public final class StateDraft {

    private final StateView view;
    private final long nowMs;
    private final List<StateChange> changes = new ArrayList<>(1);
    private final Map<StateKey, StateChange> latest = new HashMap<>(2);
    private final Map<String, ScopeInfo> scopes = new HashMap<>(2);

    /** Empty: removed. */
    private final Map<String, Optional<RawJson>> notes = new LinkedHashMap<>(2);

    /**
     * @param nowMs when the command was written
     */
    public StateDraft(StateView view, long nowMs) {
        this.view = view;
        this.nowMs = nowMs;
    }

    /** What is stored, without this draft. */
    public StateView view() {
        return view;
    }

    /** When the command was written, in epoch milliseconds. */
    long nowMs() {
        return nowMs;
    }

    /** Takes back all changes of values; notes stay. */
    void takeBack() {
        changes.clear();
        latest.clear();
        scopes.clear();
    }

    @Nullable RawJson note(String name) {
        Optional<RawJson> noted = notes.get(name);
        return noted == null ? view.note(name) : noted.orElse(null);
    }

    /** Notes something beside values; null removes it. */
    void note(String name, @Nullable RawJson note) {
        notes.put(name, Optional.ofNullable(note));
    }

    Map<String, Optional<RawJson>> notes() {
        return notes;
    }

    public @Nullable StateEntry get(StateKey key) {
        StateChange changed = latest.get(key);
        return changed == null ? view.get(key) : changed.after();
    }

    /** Sets the value; returns what was there. */
    public @Nullable StateEntry put(StateKey key, RawJson value) {
        return put(key, value, false);
    }

    /** As {@link #put}, for bookkeeping of which no trigger hears. */
    public @Nullable StateEntry putSilently(StateKey key, RawJson value) {
        return put(key, value, true);
    }

    private @Nullable StateEntry put(StateKey key, RawJson value, boolean silent) {
        StateEntry before = get(key);
        long version = version(key) + 1;
        ScopeInfo info = touch(key.scope(), before == null ? 1 : 0, 0);
        long order = before == null ? info.lastOrder() : before.order();
        StateEntry after = new StateEntry(value, version, order, info.revision(), nowMs);
        change(new StateChange(key, before, after, version, info.revision(), silent));
        return before;
    }

    /** Removes the value; returns what was there. To remove what is not there is a change, too: it is reported. */
    public @Nullable StateEntry remove(StateKey key) {
        StateEntry before = get(key);
        long version = version(key) + (before == null ? 0 : 1);
        ScopeInfo info = before == null ? scope(key.scope()) : touch(key.scope(), -1, version);
        change(new StateChange(key, before, null, version, info.revision(), false));
        return before;
    }

    /** Of the key as it is; of one that is not there, at least its last, and 0 while the scope never lost one. */
    public long version(StateKey key) {
        StateEntry entry = get(key);
        return entry == null ? scope(key.scope()).lastRemoved() : entry.version();
    }

    /** The counters of a scope as they are. */
    public ScopeInfo scope(String scope) {
        ScopeInfo touched = scopes.get(scope);
        return touched == null ? view.scope(scope) : touched;
    }

    private void change(StateChange change) {
        changes.add(change);
        latest.put(change.key(), change);
    }

    private ScopeInfo touch(String scope, int keys, long removed) {
        ScopeInfo stored = view.scope(scope);
        ScopeInfo now = scopes.getOrDefault(scope, stored);
        long order = keys > 0 ? Math.max(now.lastOrder() + 1, nowMs * 1_000) : now.lastOrder();
        ScopeInfo touched = new ScopeInfo(
                now.keys() + keys, order, stored.revision() + 1, Math.max(now.lastRemoved(), removed));
        scopes.put(scope, touched);
        return touched;
    }

    /** In the order in which they were made. */
    public List<StateChange> changes() {
        return changes;
    }

    /** The counters of every scope that is changed, as they are after it. */
    public Map<String, ScopeInfo> scopes() {
        return scopes;
    }
}
