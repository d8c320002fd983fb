package io.iiikafka.topology.keeper.stream;

import org.jspecify.annotations.Nullable;

/**
 * One change of a group, or an event that leaves its items alone.
 *
 * @param item the item that is stored or removed; null: none, though a worker may have done so
 * @param before what was there; null: nothing
 * @param after null: the item is removed
 */
record StreamChange(
        @Nullable String item, @Nullable StreamItem before, @Nullable StreamItem after, StreamEvent event) {}
