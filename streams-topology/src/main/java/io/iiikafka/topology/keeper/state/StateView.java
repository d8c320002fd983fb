package io.iiikafka.topology.keeper.state;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** The values of one partition, to be read. */
public interface StateView {

    /** Null when there is none. */
    @Nullable StateEntry get(StateKey key);

    /** {@link ScopeInfo#NEW} when it was never written. */
    ScopeInfo scope(String scope);

    /** All values of a scope with their keys, in no particular order. */
    void forEach(String scope, BiConsumer<String, StateEntry> visitor);

    /** All scopes that hold at least one key, in no particular order. */
    void forEachScope(Consumer<String> visitor);
}
