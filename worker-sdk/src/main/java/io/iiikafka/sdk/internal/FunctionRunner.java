package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Executor;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.FunctionHandler;
import io.iiikafka.sdk.Invocation;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;

/** A function of this worker: binds the payload, runs the handler, and makes an answer of whatever comes of it. */
final class FunctionRunner {

    private final Json json;
    private final Body body;
    private final Executor executor;

    private FunctionRunner(Json json, Body body, Executor executor) {
        this.json = json;
        this.body = body;
        this.executor = executor;
    }

    @SuppressWarnings("NullAway") // a call without payload has the input null, whatever type the handler names
    static <I, O> FunctionRunner of(
            Json json,
            Class<I> input,
            FunctionHandler.WithInvocation<? super I, ? extends @Nullable O> handler,
            Executor executor) {
        return new FunctionRunner(json, call -> handler.handle(bind(json, call, input), call), executor);
    }

    /** Whose threads the calls run on. */
    Executor executor() {
        return executor;
    }

    private static <I> @Nullable I bind(Json json, Invocation call, Class<I> input) {
        try {
            return json.read(call.data(), input);
        } catch (IOException e) {
            throw new InvocationException(
                    "deserialization_error",
                    "Failed to deserialize input for " + call.functionId() + ": " + firstLine(e));
        }
    }

    Answer run(Invocation call) {
        Object result;
        try {
            result = body.run(call);
        } catch (InvocationException e) {
            return new Answer(null, new ErrorBody(e.code(), messageOf(e), e.remoteStacktrace()), e);
        } catch (Throwable e) {
            return new Answer(null, new ErrorBody("invocation_failed", messageOf(e), stacktraceOf(e)), e);
        }
        try {
            return new Answer(json.write(result), null, null);
        } catch (JsonProcessingException e) {
            return unwritable(call, firstLine(e), e);
        } catch (RuntimeException | Error e) { // a getter that throws, a class that is missing, a cycle without end
            return unwritable(call, messageOf(e), e);
        }
    }

    private static Answer unwritable(Invocation call, String why, Throwable failure) {
        String message = "Failed to serialize result for " + call.functionId() + ": " + why;
        return new Answer(null, new ErrorBody("serialization_error", message), failure);
    }

    private static String firstLine(IOException e) {
        String message = e instanceof JsonProcessingException j ? j.getOriginalMessage() : messageOf(e);
        return message.lines().findFirst().orElse("");
    }

    /** Also of exceptions that fail themselves when asked. */
    static String messageOf(Throwable e) {
        try {
            return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
        } catch (RuntimeException | Error unspeakable) {
            return e.getClass().getName();
        }
    }

    private static @Nullable String stacktraceOf(Throwable e) {
        StringWriter text = new StringWriter();
        try {
            e.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException | Error unspeakable) {
            return null;
        }
        return text.toString();
    }

    /** @param failure what was thrown, for the span */
    record Answer(@Nullable RawJson result, @Nullable ErrorBody error, @Nullable Throwable failure) {}

    private interface Body {
        @Nullable Object run(Invocation call) throws Exception;
    }
}
