package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** The values of one partition, to be read. */
public interface StateView {

    /** Null when there is none. */
    @Nullable StateEntry get(StateKey key);

    /** What is noted under that name; null when nothing is. */
    @Nullable RawJson note(String name);

    /** Names of notes from one to before another, in order, at most so many. */
    List<String> notes(String from, String before, int most);

    /** The keys of a scope that were created after one order and until another, in that order, at most so many. */
    List<Listing.Place> keys(String scope, long after, long until, int most);

    /** Notes whose name begins so, in the order of their names. */
    void forEachNote(String prefix, BiConsumer<String, RawJson> visitor);

    /** {@link ScopeInfo#NEW} when it was never written. */
    ScopeInfo scope(String scope);

    /** All values of a scope with their keys, in no particular order. */
    void forEach(String scope, BiConsumer<String, StateEntry> visitor);

    /** Names of values, a scope and a key each, from one to before another, in order, at most so many. */
    List<String> names(String from, String before, int most);

    /** Scopes that were ever written, by code point from one on, until the visitor has enough and answers false. */
    void forEachScope(String from, BiPredicate<String, ScopeInfo> visitor);
}
