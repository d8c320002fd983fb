package io.iiikafka.topology.keeper.state;

/**
 * What is counted for a scope on one partition.
 *
 * @param keys how many it holds
 * @param created how many were ever created: the order of the next one
 * @param revision how many changes it has seen; those of one command count once
 */
public record ScopeInfo(long keys, long created, long revision) {

    /** Of a scope that has never been written. */
    public static final ScopeInfo NEW = new ScopeInfo(0, 0, 0);
}
