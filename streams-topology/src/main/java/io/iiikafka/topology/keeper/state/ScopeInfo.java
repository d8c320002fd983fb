package io.iiikafka.topology.keeper.state;

/**
 * What is counted for a scope on one partition.
 *
 * @param keys how many it holds; of a fork, its own
 * @param lastOrder the {@linkplain StateEntry#order() order} of the key that was created last
 * @param revision how many changes it has seen; those of one command count once
 * @param lastRemoved the highest version that a key came to by its removal: new keys begin above it, so that no key has
 *     the same version twice, and nothing need be kept for each key that is gone
 * @param pinned the newest revision that a fork shows: what is older must be kept when it is changed; 0: no fork
 * @param forgotten the newest revision of which a change is not in the history any more, or never was
 */
public record ScopeInfo(
        long keys, long lastOrder, long revision, long lastRemoved, long pinned, long forgotten) {

    /** Of a scope that has never been written. */
    public static final ScopeInfo NEW = new ScopeInfo(0, 0, 0, 0, 0, 0);

    ScopeInfo withPinned(long revision) {
        return new ScopeInfo(keys, lastOrder, this.revision, lastRemoved, revision, forgotten);
    }

    ScopeInfo withForgotten(long revision) {
        return new ScopeInfo(keys, lastOrder, this.revision, lastRemoved, pinned, Math.max(forgotten, revision));
    }
}
