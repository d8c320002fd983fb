package io.iiikafka.gateway.history;

import org.jspecify.annotations.Nullable;

/**
 * What an object does when it is used by one caller at a time.
 *
 * @param <S> its state: immutable, with {@code equals} and {@code hashCode}
 */
public interface SequentialModel<S, I, O> {

    S start();

    /** The state after the call; null when it would not have been answered like that. Any answer fits a null output. */
    @Nullable S step(S before, I input, @Nullable O output);

    /** Whether a call that was answered like that never changes anything, in whatever state it came. */
    default boolean isRead(I input, O output) {
        return false;
    }
}
