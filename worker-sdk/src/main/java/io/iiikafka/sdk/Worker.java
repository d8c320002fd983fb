package io.iiikafka.sdk;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A connected program: it serves functions and calls others.
 *
 * <p>Guarantees:
 *
 * <ol>
 *   <li>All methods may be used by any number of threads at once, and by handlers.
 *   <li>Registrations last until they are unregistered or the worker is closed: after a lost connection they are all
 *       sent again, under the same ids, before any call.
 *   <li>Each call that comes in runs on a virtual thread of its own, so a handler may block. Handlers run concurrently,
 *       the same one too, unless it is registered with {@link FunctionOptions#oneAfterAnother()}.
 *   <li>A call ends exactly once: with its result, with the {@link InvocationException} of whoever failed, with code
 *       {@link InvocationException#TIMEOUT} after its time-out (30 s by default), or with
 *       {@link InvocationException#SHUTDOWN} when the worker is closed.
 *   <li>A call is written to a connection at most once. Calls made while disconnected wait (up to
 *       {@link WorkerOptions#maxQueuedFrames()}; more fail with {@link InvocationException#NOT_SENT}) and are sent
 *       after the registrations. Calls that were written before a loss keep waiting until their time-out; those that
 *       were being written then fail with {@link InvocationException#CONNECTION_LOST}.
 *   <li>One thread's calls and registrations are written in the order in which it made them.
 *   <li>Futures complete on virtual threads, so whatever is chained to them may block.
 *   <li>Unless {@link WorkerOptions#keepAlive()} is off, an open worker keeps its process running; a signal to the
 *       process (SIGTERM, Ctrl-C) closes the worker first.
 *   <li>{@link #close()} is graceful, idempotent and final.
 * </ol>
 *
 * <p>Payloads are anything Jackson can bind (records, maps, lists, trees, scalars), or {@link RawJson} for bytes that
 * shall not be touched. Members that a record does not know are ignored.
 */
public interface Worker extends AutoCloseable {

    /**
     * Serves a function.
     *
     * @param input what to bind the payload to; {@link RawJson} for the payload as it came
     * @param output documents the result's type; {@code Void.class} for none
     * @throws IllegalArgumentException if the id is blank or this worker serves it already
     */
    <I, O> Registration function(
            String id,
            FunctionOptions options,
            Class<I> input,
            Class<O> output,
            FunctionHandler.WithInvocation<? super I, ? extends @Nullable O> handler);

    default <I, O> Registration function(
            String id, Class<I> input, Class<O> output, FunctionHandler<? super I, ? extends @Nullable O> handler) {
        return function(id, FunctionOptions.NONE, input, output, (value, call) -> handler.handle(value));
    }

    default <I, O> Registration function(
            String id,
            Class<I> input,
            Class<O> output,
            FunctionHandler.WithInvocation<? super I, ? extends @Nullable O> handler) {
        return function(id, FunctionOptions.NONE, input, output, handler);
    }

    /** Serves a function on raw JSON. */
    default Registration function(String id, FunctionHandler<RawJson, ? extends @Nullable RawJson> handler) {
        return function(id, FunctionOptions.NONE, RawJson.class, RawJson.class, (value, call) -> handler.handle(value));
    }

    /** Has a function called when something happens. Refusals come to {@link WorkerListener#rejected}. */
    Registration bind(Trigger trigger);

    /** Provides a trigger type, whose bindings come to the handler: one at a time, in order. */
    Registration triggerType(String id, String description, TriggerTypeHandler handler);

    /** A call to be spelled out: payload, metadata, namespace, time-out, then how to make it. */
    Call call(String functionId);

    /** A call of a binding's function, in its namespace and with its metadata: how a trigger type fires. */
    default Call call(TriggerBinding binding) {
        Call call = call(binding.functionId());
        if (binding.metadata() != null) {
            call.metadata(binding.metadata());
        }
        if (binding.namespace() != null) {
            call.namespace(binding.namespace());
        }
        return call;
    }

    /** Calls and waits for the result; {@link RawJson#NULL} when there is none. */
    default RawJson trigger(String functionId, @Nullable Object data) {
        return call(functionId).data(data).trigger();
    }

    default <T> @Nullable T trigger(String functionId, @Nullable Object data, Class<T> result) {
        return call(functionId).data(data).trigger(result);
    }

    default <T> @Nullable T trigger(String functionId, @Nullable Object data, Class<T> result, Duration timeout) {
        return call(functionId).data(data).timeout(timeout).trigger(result);
    }

    /** Calls; the future ends with the result or with an {@link InvocationException}. */
    default <T> CompletableFuture<@Nullable T> triggerAsync(
            String functionId, @Nullable Object data, Class<T> result) {
        return call(functionId).data(data).triggerAsync(result);
    }

    /** Calls and forgets: neither result nor failure comes back. */
    default void triggerVoid(String functionId, @Nullable Object data) {
        call(functionId).data(data).triggerVoid();
    }

    /** Puts a call on a queue; returns the receipt id once it is stored. */
    default String enqueue(String queue, String functionId, @Nullable Object data) {
        return call(functionId).data(data).enqueue(queue);
    }

    /** As {@link #enqueue} without waiting; the future fails with an {@link InvocationException}. */
    default CompletableFuture<String> enqueueAsync(String queue, String functionId, @Nullable Object data) {
        return call(functionId).data(data).enqueueAsync(queue);
    }

    /**
     * The value as payloads are written: with {@link WorkerOptions#objectMapper()}; {@link RawJson} as it is.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    RawJson write(@Nullable Object value);

    /**
     * The value as payloads are bound; {@link RawJson} as it is, else null for {@code null}.
     *
     * @throws InvocationException with code {@code deserialization_error} if it does not fit
     */
    <T> @Nullable T read(RawJson json, Class<T> type);

    /** A new pipe to another worker: open one end, hand the other's ref over in a payload. */
    Channel createChannel();

    /**
     * Opens the reading end; each end can be opened once.
     *
     * @throws IOException if the channel is not there (any more) or the engine cannot be reached
     */
    ChannelReader openReader(ChannelRef ref) throws IOException;

    /**
     * Opens the writing end; each end can be opened once.
     *
     * @throws IOException if the channel is not there (any more) or the engine cannot be reached
     */
    ChannelWriter openWriter(ChannelRef ref) throws IOException;

    /** The id that the engine gave to the current connection, or to the last one; null before the first. */
    @Nullable String id();

    boolean isConnected();

    /**
     * Waits until the worker is connected, has its {@link #id()}, and its registrations so far are sent.
     *
     * @throws TimeoutException if that takes longer
     */
    void awaitConnected(Duration timeout) throws TimeoutException, InterruptedException;

    /** Waits until the worker is closed, by this process or because the engine refused it for good. */
    void awaitClose() throws InterruptedException;

    /**
     * Closes gracefully: takes back triggers and functions so that no new calls come, lets running handlers end for
     * {@link WorkerOptions#closeTimeout()}, fails own waiting calls with {@link InvocationException#SHUTDOWN} and
     * closes the connection with code 1000. Called by a handler it does not wait for that handler.
     */
    @Override
    void close();
}
