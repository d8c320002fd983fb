package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;

/** Keeps the changes of one partition, and clears old ones away bit by bit, so that their number stays bounded. */
final class Recorder {

    private static final int RECORDS_PER_SWEEP = 256;
    private static final int SWEPT = 2 * RECORDS_PER_SWEEP;

    private final HistorySettings settings;
    private final Partitioning excluded;
    private final Catalog catalog;
    private final StateStores stores;
    private int sinceSweep;

    Recorder(HistorySettings settings, Catalog catalog, StateStores stores) {
        this.settings = settings;
        this.excluded = Partitioning.of(settings.excludedScopes());
        this.catalog = catalog;
        this.stores = stores;
    }

    /** Whether the changes of a scope are kept. */
    boolean keeps(String scope) {
        return settings.enabled() && settings.maxVersionsPerKey() > 0 && !excluded.isSharded(scope);
    }

    /** Keeps what the draft changes; before it is applied. */
    void record(Command command, StateDraft draft) {
        List<StateChange> changes = draft.changes();
        for (int i = 0; i < changes.size(); i++) {
            StateChange change = changes.get(i);
            if (!change.isReal()) {
                continue;
            }
            String scope = change.key().scope();
            if (!keeps(scope) || change.silent()) {
                draft.count(scope, unrecorded(change, draft.scope(scope)));
                continue;
            }
            stores.history().put(
                    change.key(),
                    change.version(),
                    ChangeRecord.of(change, StateEvent.id(change, command, i), command, catalog, settings.values()));
            removeSuperfluous(change, draft);
            sinceSweep++;
        }
    }

    /** Removes what is older than so many versions of a key of which one more was recorded. */
    private void removeSuperfluous(StateChange change, StateDraft draft) {
        long superfluous = change.version() - settings.maxVersionsPerKey();
        if (superfluous <= 0) {
            return;
        }
        String scope = change.key().scope();
        if (!isRecordedBefore(change, draft.scope(scope))) {
            stores.history().removeUpTo(change.key(), superfluous, removed ->
                    draft.count(scope, without(removed, false, draft.scope(scope))));
            return;
        }
        RawJson removed = stores.history().remove(change.key(), superfluous); // when the change before came, the others went
        if (removed != null) {
            draft.count(scope, without(removed, false, draft.scope(scope)));
        }
    }

    private boolean isRecordedBefore(StateChange change, ScopeInfo scope) {
        StateEntry before = change.before();
        return before != null && before.revision() > scope.forgotten()
                || stores.history().get(change.key(), change.version() - 1) != null;
    }

    private static ScopeInfo unrecorded(StateChange change, ScopeInfo scope) {
        return change.after() == null
                ? scope.withUnrecorded(change.version(), change.revision())
                : scope.withForgotten(change.revision());
    }

    /**
     * The scope's counters when a record is not kept any more.
     *
     * @param last whether nothing else tells the version of its key
     */
    private static ScopeInfo without(RawJson record, boolean last, ScopeInfo scope) {
        long revision = ChangeRecord.revision(record);
        ScopeInfo left = scope.withForgotten(revision);
        if (!ChangeRecord.isRemoval(record)) {
            return left;
        }
        if (last) {
            return left.withUnrecorded(ChangeRecord.version(record), revision);
        }
        return revision <= scope.pinned() ? left.withFloor(ChangeRecord.version(record)) : left; // a fork may miss the key
    }

    /** Clears some of what is outdated away when enough has come; after the draft is applied. */
    void sweepIfDue(long nowMs) {
        if (sinceSweep >= RECORDS_PER_SWEEP) {
            sweep(nowMs);
        }
    }

    /** Looks at some of what is kept, and removes what is too old. */
    void sweep(long nowMs) {
        sinceSweep = 0;
        long oldest = nowMs - settings.maxAgeMs();
        stores.history().sweep(SWEPT, record -> ChangeRecord.number(record, "timestamp") < oldest, (key, record) -> {
            boolean last = ChangeRecord.isRemoval(record) && stores.get(key) == null && isLast(key, record);
            stores.putScope(key.scope(), without(record, last, stores.scope(key.scope())));
        });
    }

    private boolean isLast(StateKey key, RawJson removed) {
        RawJson left = stores.history().last(key, Long.MAX_VALUE);
        return left == null || ChangeRecord.version(left) < ChangeRecord.version(removed);
    }
}
