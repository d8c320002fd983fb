package io.iiikafka.sdk.state;

import org.jspecify.annotations.Nullable;

/**
 * What came of a compare-and-set.
 *
 * @param swapped whether the value is the new one now
 * @param current if not, what is there instead; null: nothing, or null
 */
public record Swap<T>(boolean swapped, @Nullable T current) {}
