package io.iiikafka.topology.keeper.state;

import org.jspecify.annotations.Nullable;

/**
 * One change of one value.
 *
 * @param before the value until now; null: there was none
 * @param after the value from now on; null: it is removed
 * @param silent whether no trigger hears of it
 */
public record StateChange(
        StateKey key, @Nullable StateEntry before, @Nullable StateEntry after, boolean silent) {}
