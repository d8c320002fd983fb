package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * The version of a key that is not there: that of its removal, which the history tells; where it does not, at least that,
 * by the scope's {@linkplain ScopeInfo#floor() floor}; 0 of one that was never written (spec: state.md 12.3).
 */
final class LastVersion {

    private LastVersion() {}

    /** As of now; what the draft has changed of the key itself is not seen. */
    static long of(StateDraft draft, StateKey key) {
        return at(draft, key, Long.MAX_VALUE);
    }

    /** As of a revision. */
    static long at(StateDraft draft, StateKey key, long revision) {
        ScopeInfo scope = draft.scope(key.scope());
        RawJson last = scope.removed() ? draft.history().last(key, revision) : null;
        long version = last == null ? 0 : ChangeRecord.version(last);
        if (last != null && ChangeRecord.revision(last) > scope.unrecorded()) {
            return version;
        }
        version = Math.max(version, scope.floor());
        Fork fork = Fork.find(draft, key.scope());
        return fork == null
                ? version
                : Math.max(version, at(draft, new StateKey(fork.parent(), key.key()), fork.base()));
    }
}
