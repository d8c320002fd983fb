package io.iiikafka.sdk;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/** A call in the making. For one thread; ends with one of the last six methods, which may be used again. */
public interface Call {

    /** The payload; none by default. */
    Call data(@Nullable Object data);

    /** What travels beside the payload to the handler; none by default. */
    Call metadata(@Nullable Object metadata);

    /** Where the function lives; {@code default} by default, whatever this worker's namespace. */
    Call namespace(String namespace);

    /**
     * How long to wait for the answer, and before that for an engine that reads too slowly;
     * {@link WorkerOptions#callTimeout()} by default.
     */
    Call timeout(Duration timeout);

    /**
     * Waits for the result; {@link RawJson#NULL} when there is none.
     *
     * @throws InvocationException if the call failed
     */
    RawJson trigger();

    /**
     * Waits for the result and binds it; null when there is none.
     *
     * @throws InvocationException if the call failed or its result does not fit
     */
    <T> @Nullable T trigger(Class<T> result);

    /** As {@link #trigger(Class)} without waiting; the future fails with an {@link InvocationException}. */
    <T> CompletableFuture<@Nullable T> triggerAsync(Class<T> result);

    /** Neither result nor failure comes back. */
    void triggerVoid();

    /**
     * Puts the call on a queue.
     *
     * @return the receipt id, once the call is stored
     * @throws InvocationException if it could not be stored
     */
    String enqueue(String queue);

    /** As {@link #enqueue(String)} without waiting; the future fails with an {@link InvocationException}. */
    CompletableFuture<String> enqueueAsync(String queue);
}
