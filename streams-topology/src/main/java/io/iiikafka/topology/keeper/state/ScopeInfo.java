package io.iiikafka.topology.keeper.state;

/**
 * What is counted for a scope on one partition.
 *
 * @param keys how many it holds
 * @param lastOrder the {@linkplain StateEntry#order() order} of the key that was created last
 * @param revision how many changes it has seen; those of one command count once
 * @param lastRemoved the highest version that a key came to by its removal: new keys begin above it, so that no key has
 *     the same version twice, and nothing need be kept for each key that is gone
 */
public record ScopeInfo(long keys, long lastOrder, long revision, long lastRemoved) {

    /** Of a scope that has never been written. */
    public static final ScopeInfo NEW = new ScopeInfo(0, 0, 0, 0);
}
