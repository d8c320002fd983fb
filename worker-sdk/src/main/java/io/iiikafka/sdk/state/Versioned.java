package io.iiikafka.sdk.state;

import org.jspecify.annotations.Nullable;

/**
 * A key as it was read (spec: state.md 12.3).
 *
 * @param exists tells a stored null from nothing
 * @param value null when there is nothing, or null
 * @param version grows with each change of the key, its removal too; 0: never written
 */
public record Versioned<T>(String key, boolean exists, @Nullable T value, long version) {}
