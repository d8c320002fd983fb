package io.iiikafka.sdk.stream;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.change.Change;

/**
 * Keeps the items of a stream that a worker serves. Called on virtual threads, concurrently. What it throws fails the
 * call, and no event is made. Updates come as a {@link #get} and a {@link #set}.
 */
public interface StreamStorage<T> {

    /** Null when there is nothing. */
    @Nullable T get(String group, String id) throws Exception;

    /** Stores an item; the answer's {@code before} tells a new item (null) from a changed one. */
    Change<T> set(String group, String id, @Nullable T item) throws Exception;

    /** Removes an item and returns it; null when there was none. */
    @Nullable T delete(String group, String id) throws Exception;

    List<T> list(String group) throws Exception;

    List<String> groups() throws Exception;
}
