package io.iiikafka.topology.keeper.state;

import org.jspecify.annotations.Nullable;

/**
 * One change of one value.
 *
 * @param before the value until now; null: there was none
 * @param after the value from now on; null: it is removed
 * @param version of the key after the change, be it removed
 * @param revision of the scope after the change
 * @param silent whether no trigger hears of it
 * @param op what was done
 * @param forkOf the parent of the scope; null: it is no fork
 */
public record StateChange(
        StateKey key,
        @Nullable StateEntry before,
        @Nullable StateEntry after,
        long version,
        long revision,
        boolean silent,
        Op op,
        @Nullable String forkOf) {

    /** Whether anything is different now: to remove what is not there is reported, but changes nothing. */
    boolean isReal() {
        return before != null || after != null;
    }
}
