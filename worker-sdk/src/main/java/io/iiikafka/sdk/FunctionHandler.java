package io.iiikafka.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of a function, on a virtual thread: it may block. To fail with a code of its own it throws an
 * {@link InvocationException}; anything else thrown reaches the caller as {@code invocation_failed}.
 */
@FunctionalInterface
public interface FunctionHandler<I, O> {

    @Nullable O handle(I input) throws Exception;

    /** The same for handlers that want to know about the call itself. */
    @FunctionalInterface
    interface WithInvocation<I, O> {

        @Nullable O handle(I input, Invocation invocation) throws Exception;
    }
}
