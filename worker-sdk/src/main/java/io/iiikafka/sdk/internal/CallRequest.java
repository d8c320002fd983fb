package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Call;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.internal.websocket.Sending;
import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

/** One call, from its payload to its answer. */
final class CallRequest implements Call {

    private static final Executor VIRTUAL_THREADS = Thread::startVirtualThread;

    private final Link link;
    private final PendingCalls pending;
    private final Json json;
    private final String functionId;

    private @Nullable RawJson data;
    private @Nullable RawJson metadata;
    private @Nullable String namespace;
    private Duration timeout;

    CallRequest(Link link, PendingCalls pending, Json json, String functionId, Duration timeout) {
        this.link = link;
        this.pending = pending;
        this.json = json;
        this.functionId = functionId;
        this.timeout = timeout;
    }

    @Override
    public Call data(@Nullable Object value) {
        data = toJson(value);
        return this;
    }

    @Override
    public Call metadata(@Nullable Object value) {
        metadata = toJson(value);
        return this;
    }

    private @Nullable RawJson toJson(@Nullable Object value) {
        try {
            return json.write(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "payload for " + functionId + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public Call namespace(String value) {
        namespace = value;
        return this;
    }

    @Override
    public Call timeout(Duration value) {
        timeout = value;
        return this;
    }

    @Override
    public RawJson trigger() {
        return resultOf(await(Action.SYNC));
    }

    @Override
    public <T> @Nullable T trigger(Class<T> result) {
        return bind(trigger(), result);
    }

    @Override
    public <T> CompletableFuture<@Nullable T> triggerAsync(Class<T> result) {
        return ask(Action.SYNC).thenApplyAsync(answer -> bind(resultOf(answer), result), VIRTUAL_THREADS);
    }

    private CompletableFuture<Frame.InvocationResult> ask(Action action) {
        String id = pending.newId();
        long millis = TimeUnit.MILLISECONDS.convert(timeout);
        CompletableFuture<Frame.InvocationResult> reply = start(id, action);
        reply.completeOnTimeout(timedOut(id), millis, TimeUnit.MILLISECONDS);
        reply.whenComplete((answer, failure) -> pending.forget(id));
        return reply;
    }

    @Override
    public void triggerVoid() {
        Sending sending = link.send(frame(null, Action.VOID), TimeUnit.NANOSECONDS.convert(timeout));
        if (sending != Sending.ACCEPTED) {
            throw new InvocationException(link.whyNotSent(sending), functionId);
        }
    }

    @Override
    public String enqueue(String queue) {
        return receipt(await(new Action.Enqueue(queue)));
    }

    @Override
    public CompletableFuture<String> enqueueAsync(String queue) {
        return ask(new Action.Enqueue(queue)).thenApplyAsync(this::receipt, VIRTUAL_THREADS);
    }

    private String receipt(Frame.InvocationResult answer) {
        return resultOf(answer).toTree().path("messageReceiptId").asText();
    }

    private Frame.InvocationResult await(Action action) {
        String id = pending.newId();
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        try {
            return start(id, action).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return timedOut(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(id, new ErrorBody(InvocationException.INTERRUPTED, "interrupted while waiting"));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pending.forget(id);
        }
    }

    private CompletableFuture<Frame.InvocationResult> start(String id, Action action) {
        CompletableFuture<Frame.InvocationResult> reply = pending.add(id);
        switch (link.send(frame(id, action), TimeUnit.NANOSECONDS.convert(timeout))) {
            case ACCEPTED -> { } // the answer completes it
            case FULL -> pending.complete(timedOut(id));
            case OVER -> pending.fail(id, functionId, link.whyNotSent(Sending.OVER));
        }
        return reply;
    }

    private Frame frame(@Nullable String id, Action action) {
        Tracing.Fields trace = Tracing.current();
        return new Frame.InvokeFunction(
                id, functionId, data, trace.traceparent(), trace.baggage(), action, metadata, namespace);
    }

    private Frame.InvocationResult timedOut(String id) {
        long millis = TimeUnit.MILLISECONDS.convert(timeout);
        return failure(id, new ErrorBody(InvocationException.TIMEOUT, "invocation timed out after " + millis + "ms"));
    }

    private Frame.InvocationResult failure(String id, ErrorBody error) {
        return new Frame.InvocationResult(id, functionId, null, error, null, null);
    }

    private RawJson resultOf(Frame.InvocationResult answer) {
        if (answer.error() != null) {
            throw new InvocationException(answer.error(), functionId);
        }
        return answer.result() == null ? RawJson.NULL : answer.result();
    }

    private <T> @Nullable T bind(RawJson result, Class<T> type) {
        try {
            return json.read(result, type);
        } catch (IOException e) {
            String message = "result of " + functionId + " is not a " + type.getSimpleName() + ": " + e.getMessage();
            throw new InvocationException(new ErrorBody("deserialization_error", message), functionId);
        }
    }
}
