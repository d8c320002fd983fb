package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Notes;
import io.iiikafka.topology.keeper.queue.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * What one command changes, on top of what is there: it reads its own changes, and nothing is stored until an {@link
 * StateApplier} does so. A draft that is dropped has changed nothing.
 */
public final class StateDraft implements Notes {

    private final LiveView view;
    private final HistoryStore history;
    private final long nowMs;
    private final Op op;
    private final List<StateChange> changes = new ArrayList<>(1);
    private final Map<StateKey, StateChange> latest = new HashMap<>(2);
    private final Map<String, ScopeInfo> scopes = new HashMap<>(2);
    private final List<StateKey> erased = new ArrayList<>(0);
    private final List<String> erasedHistory = new ArrayList<>(0);
    private final List<Outbox.Sent> sent = new ArrayList<>(0);

    /** Empty: removed. */
    private final Map<String, Optional<RawJson>> notes = new LinkedHashMap<>(2);

    /**
     * @param stored what the stores hold
     * @param history what they held before
     * @param nowMs when the command was written
     * @param op by what it changes values
     */
    StateDraft(StateView stored, HistoryStore history, long nowMs, Op op) {
        this.view = new LiveView(stored, nowMs);
        this.history = history;
        this.nowMs = nowMs;
        this.op = op;
    }

    /** What is stored, without this draft. */
    LiveView view() {
        return view;
    }

    /** What was, up to the command before. */
    HistoryStore history() {
        return history;
    }

    /** When the command was written, in epoch milliseconds. */
    @Override
    public long nowMs() {
        return nowMs;
    }

    /** What leaves with the changes. */
    void send(Outbox.Sent one) {
        sent.add(one);
    }

    List<Outbox.Sent> sent() {
        return sent;
    }

    /** Takes back all changes of values, with their own notes, and what leaves with them; other notes stay. */
    void takeBack() {
        notes.keySet().removeIf(name -> Expiry.isNamedBy(name) || Kept.isNamedBy(name));
        sent.clear();
        changes.clear();
        latest.clear();
        scopes.clear();
    }

    @Override
    public @Nullable RawJson note(String name) {
        Optional<RawJson> noted = notes.get(name);
        return noted == null ? view.note(name) : noted.orElse(null);
    }

    /** Notes something beside values; null removes it. */
    @Override
    public void note(String name, @Nullable RawJson note) {
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
        return put(key, value, 0, false);
    }

    /**
     * As {@link #put}, for a time.
     *
     * @param expiresAtMs 0: for good
     */
    @Nullable StateEntry put(StateKey key, RawJson value, long expiresAtMs) {
        return put(key, value, expiresAtMs, false);
    }

    /** As {@link #put}, for bookkeeping of which no trigger hears. */
    public @Nullable StateEntry putSilently(StateKey key, RawJson value) {
        return put(key, value, 0, true);
    }

    private @Nullable StateEntry put(StateKey key, RawJson value, long expiresAtMs, boolean silent) {
        expire(key);
        StateEntry before = get(key);
        StateEntry own = own(key);
        Fork fork = Fork.find(this, key.scope());
        long version = version(key) + 1;
        ScopeInfo info = touch(key.scope(), own == null ? 1 : 0, before == null, false);
        keep(key, own, fork, info);
        if (fork != null) {
            Kept.hide(this, key, 0);
        }
        long order = before == null ? info.lastOrder() : before.order();
        StateEntry after = new StateEntry(value, version, order, info.revision(), nowMs, expiresAtMs);
        Expiry.forget(this, key, own);
        if (expiresAtMs != 0) {
            Expiry.note(this, key, expiresAtMs);
        }
        change(new StateChange(
                key, before, after, version, info.revision(), silent, op, fork == null ? null : fork.parent()));
        return before;
    }

    /** Removes the value; returns what was there. To remove what is not there is a change, too: it is reported. */
    public @Nullable StateEntry remove(StateKey key) {
        expire(key);
        return remove(key, get(key), op);
    }

    /** Removes a value whose time is over, if it still stands there; whether it did. */
    boolean expire(StateKey key) {
        if (latest.containsKey(key)) {
            return false;
        }
        StateEntry stored = view.own(key);
        boolean over = stored != null && !stored.isThere(nowMs);
        if (over) {
            remove(key, stored, Op.EXPIRE);
        }
        return over;
    }

    private @Nullable StateEntry remove(StateKey key, @Nullable StateEntry before, Op by) {
        Fork fork = Fork.find(this, key.scope());
        long version = before == null ? version(key) : before.version() + 1;
        ScopeInfo info = scope(key.scope());
        if (before != null) {
            StateEntry own = own(key);
            info = touch(key.scope(), own == null ? 0 : -1, false, true);
            keep(key, own, fork, info);
            Expiry.forget(this, key, own);
            if (fork != null) {
                Kept.hide(this, key, info.revision());
            }
        }
        change(new StateChange(
                key, before, null, version, info.revision(), false, by, fork == null ? null : fork.parent()));
        return before;
    }

    /** What the scope itself holds, with what this draft has changed. */
    private @Nullable StateEntry own(StateKey key) {
        StateChange changed = latest.get(key);
        return changed == null ? view.own(key) : changed.after();
    }

    /** Keeps what a fork shows of the key, before it is changed. */
    private void keep(StateKey key, @Nullable StateEntry own, @Nullable Fork fork, ScopeInfo info) {
        if (info.pinned() == 0) {
            return;
        }
        if (own != null && own.revision() <= info.pinned()) {
            new Kept(own, own.revision(), info.revision()).note(this, key);
        }
        long hidden = fork == null ? 0 : Kept.hidden(this, key);
        if (hidden > 0 && hidden <= info.pinned()) {
            new Kept(null, hidden, info.revision()).note(this, key);
        }
    }

    /** Takes a value away without a trace: with its scope. */
    void erase(StateKey key) {
        erased.add(key);
        StateEntry own = view.own(key);
        if (own != null) {
            raiseFloor(key.scope(), own.version());
        }
    }

    List<StateKey> erased() {
        return erased;
    }

    /** Takes a change of a scope out of the history. */
    void eraseHistory(String scope, String name) {
        erasedHistory.add(name);
        raiseFloor(scope, HistoryStore.version(name));
    }

    /** A key was at that version, and nothing else will say so. */
    private void raiseFloor(String scope, long version) {
        scopes.put(scope, scope(scope).withFloor(version));
    }

    List<String> erasedHistory() {
        return erasedHistory;
    }

    /** Sets the counters of a scope. */
    void count(String scope, ScopeInfo info) {
        scopes.put(scope, info);
    }

    /** Of the key as it is; of one that is not there {@linkplain LastVersion its last}. */
    public long version(StateKey key) {
        StateEntry entry = get(key);
        if (entry != null) {
            return entry.version();
        }
        StateChange removed = latest.get(key);
        if (removed != null) {
            return removed.version();
        }
        StateEntry over = view.own(key);
        return over == null ? LastVersion.of(this, key) : over.version() + 1; // as when it will have been removed
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

    private ScopeInfo touch(String scope, int keys, boolean created, boolean removed) {
        ScopeInfo stored = view.scope(scope);
        ScopeInfo now = scopes.getOrDefault(scope, stored);
        long order = created ? Math.max(now.lastOrder() + 1, nowMs * 1_000) : now.lastOrder();
        ScopeInfo touched = new ScopeInfo(
                now.keys() + keys,
                order,
                stored.revision() + 1,
                now.floor(),
                now.pinned(),
                now.forgotten(),
                now.unrecorded(),
                now.removed() || removed);
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

    @Override
    public List<String> notes(String from, String before, int most) {
        return view.notes(from, before, most);
    }
}
