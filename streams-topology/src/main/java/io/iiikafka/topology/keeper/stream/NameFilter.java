package io.iiikafka.topology.keeper.stream;

import org.jspecify.annotations.Nullable;

/**
 * Which names a trigger hears of.
 *
 * @param exact only this one; null: the prefix decides
 * @param prefix what names begin with; empty: any, and none at all
 */
record NameFilter(@Nullable String exact, String prefix) {

    boolean matches(@Nullable String name) {
        return exact != null ? exact.equals(name) : prefix.isEmpty() || name != null && name.startsWith(prefix);
    }
}
