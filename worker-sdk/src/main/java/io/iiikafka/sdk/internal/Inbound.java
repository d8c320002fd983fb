package io.iiikafka.sdk.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;

import io.iiikafka.sdk.Invocation;
import io.iiikafka.sdk.WorkerListener.Kind;
import io.iiikafka.sdk.WorkerListener.Rejection;
import io.iiikafka.sdk.internal.websocket.Sending;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameReader;
import io.iiikafka.sdk.protocol.InvalidFrameException;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * What the engine says. Runs on the thread that reads, which must never wait: whatever sends or calls users' code goes
 * to a virtual thread.
 */
final class Inbound {

    private static final Logger LOG = System.getLogger(Inbound.class.getName());

    private final Link link;
    private final PendingCalls pending;
    private final Registrations registrations;
    private final InFlight inFlight;
    private final Tracing tracing;
    private final Events events;

    Inbound(
            Link link,
            PendingCalls pending,
            Registrations registrations,
            InFlight inFlight,
            Tracing tracing,
            Events events) {
        this.link = link;
        this.pending = pending;
        this.registrations = registrations;
        this.inFlight = inFlight;
        this.tracing = tracing;
        this.events = events;
    }

    void message(byte[] utf8) {
        Frame frame;
        try {
            frame = FrameReader.read(utf8);
        } catch (InvalidFrameException e) {
            LOG.log(Level.DEBUG, "ignored a message of the engine: {0}", e.getMessage());
            return;
        }
        switch (frame) {
            case Frame.InvocationResult result -> pending.complete(result);
            case Frame.InvokeFunction call -> invoke(call);
            case Frame.WorkerRegistered registered -> events.workerRegistered(registered);
            case Frame.RegisterTrigger trigger -> registerTrigger(trigger);
            case Frame.UnregisterTrigger trigger -> unregisterTrigger(trigger);
            case Frame.TriggerRegistrationResult result -> {
                if (result.error() != null) {
                    events.rejected(new Rejection(Kind.TRIGGER, result.id(), result.error()));
                }
            }
            case Frame.RegistrationRejected rejected -> events.rejected(rejection(rejected));
            case Frame.ErrorFrame error -> LOG.log(
                    Level.WARNING,
                    "the engine refused the connection: {0}: {1}",
                    error.error().code(),
                    error.error().message());
            case Frame.Ping ping -> later(() -> link.send(new Frame.Pong()));
            default -> { } // a worker's own frames
        }
    }

    private static void later(Runnable task) {
        Thread.startVirtualThread(task);
    }

    private void invoke(Frame.InvokeFunction call) {
        FunctionRunner function = registrations.function(call.functionId());
        if (function == null) {
            ErrorBody error = new ErrorBody(
                    "function_not_found", "Function '" + call.functionId() + "' not found in this worker");
            later(() -> answer(call, new FunctionRunner.Answer(null, error, null)));
            return;
        }
        inFlight.enter();
        function.executor().execute(() -> inFlight.run(() -> run(call, function)));
    }

    private void run(Frame.InvokeFunction call, FunctionRunner function) {
        RawJson data = call.data() == null ? RawJson.NULL : call.data();
        Invocation invocation = new Invocation(call.invocationId(), call.functionId(), data, call.metadata());
        Context caller = Tracing.callerOf(call);
        Span span = tracing.execution(call.functionId(), caller);
        FunctionRunner.Answer answer =
                caller.with(span).wrapSupplier(() -> function.run(invocation)).get();
        if (answer.failure() != null) {
            Tracing.fail(span, answer.failure());
        }
        if (answer.failure() instanceof Error error) { // not the payload's fault: the program is broken
            LOG.log(Level.WARNING, "function " + call.functionId() + " could not run", error);
        }
        span.end();
        answer(call, answer);
    }

    private void answer(Frame.InvokeFunction call, FunctionRunner.Answer answer) {
        if (call.invocationId() == null) {
            return;
        }
        if (!link.send(new Frame.InvocationResult(
                call.invocationId(), call.functionId(), answer.result(), answer.error(), null, null))) {
            String why = link.whyNotSent(Sending.OVER).message();
            LOG.log(Level.WARNING, "dropped the result of {0}: {1}", call.functionId(), why);
        }
    }

    private void registerTrigger(Frame.RegisterTrigger trigger) {
        TriggerTypeProvider provider = registrations.triggerType(trigger.triggerType());
        if (provider != null) {
            provider.register(trigger);
            return;
        }
        ErrorBody error = new ErrorBody(
                "trigger_type_not_found", "Trigger type '" + trigger.triggerType() + "' not found in this worker");
        later(() -> link.send(new Frame.TriggerRegistrationResult(
                trigger.id(), trigger.triggerType(), trigger.functionId(), error)));
    }

    private void unregisterTrigger(Frame.UnregisterTrigger trigger) {
        TriggerTypeProvider provider =
                trigger.triggerType() == null ? null : registrations.triggerType(trigger.triggerType());
        if (provider != null) {
            provider.unregister(trigger);
        }
    }

    /** Any code but the function's means that this worker is not wanted (spec: protocol.md 3.9). */
    private static Rejection rejection(Frame.RegistrationRejected rejected) {
        boolean function = rejected.code().equals("FUNCTION_NAMESPACE_CONFLICT");
        String id = String.valueOf(function ? rejected.functionId() : rejected.workerName());
        String message = (function ? "function " : "worker ") + id + " in namespace " + rejected.namespace()
                + " is owned by " + (rejected.ownerWorkerId().isEmpty() ? "the engine" : rejected.ownerWorkerId());
        return new Rejection(function ? Kind.FUNCTION : Kind.WORKER, id, new ErrorBody(rejected.code(), message));
    }

    /** What concerns the worker as a whole. Called on the reading thread. */
    interface Events {

        void workerRegistered(Frame.WorkerRegistered registered);

        void rejected(Rejection rejection);
    }
}
