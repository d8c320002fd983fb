package io.iiikafka.sdk.change;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a write came to.
 *
 * @param before null when there was nothing, or null
 * @param after null when null is stored
 * @param errors of the operations of an update that were left out; mostly empty
 */
public record Change<T>(@Nullable T before, @Nullable T after, List<UpdateError> errors) {

    public Change {
        errors = List.copyOf(errors);
    }

    public Change(@Nullable T before, @Nullable T after) {
        this(before, after, List.of());
    }
}
