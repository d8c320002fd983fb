package io.iiikafka.gateway.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The calls that a connection makes: from its frame to the result that goes back to it (spec: protocol.md section 5). */
final class CallerSide {

    /** Results that are kept for a worker that may come back. */
    private static final int MOST_UNCLAIMED = 1_000;

    private static final int LONGEST_BAGGAGE = 8_192;

    private record Unclaimed(Frame.InvokeFunction frame, Outcome outcome) {

        long bytes() {
            long asked = frame.data() == null ? 0 : frame.data().length();
            RawJson value = outcome instanceof Outcome.Success success ? success.value() : null;
            return value == null ? asked : asked + value.length();
        }
    }

    private final WorkerConnection connection;
    private final WorkerSocket socket;
    private final EngineInvoker invoker;
    private final EnqueueAction enqueuing;
    private final SocketSettings settings;
    private final Queue<Unclaimed> unclaimed = new ArrayDeque<>();
    private @Nullable WorkerConnection successor;
    private boolean claimable;
    private long unclaimedBytes;
    private int waiting;

    CallerSide(
            WorkerConnection connection,
            WorkerSocket socket,
            EngineInvoker invoker,
            EnqueueAction enqueuing,
            SocketSettings settings) {
        this.connection = connection;
        this.socket = socket;
        this.invoker = invoker;
        this.enqueuing = enqueuing;
        this.settings = settings;
    }

    /** Calls whose outcome this connection waits for. */
    int waiting() {
        return waiting;
    }

    void invoke(Frame.InvokeFunction frame) {
        String namespace = frame.namespace() == null ? Call.DEFAULT_NAMESPACE : frame.namespace();
        if (namespace.isBlank()) {
            answer(frame, new Outcome.Failure(BlankNamespace.error("namespace")));
            return;
        }
        if (frame.data() != null && frame.data().length() > settings.maxPayloadBytes()) {
            String what = "The payload for " + frame.functionId();
            answer(frame, PayloadLimit.exceeded(what, frame.data().length(), settings.maxPayloadBytes()));
            return;
        }
        switch (frame.action()) {
            case Action.Sync sync -> call(frame, namespace, frame.invocationId());
            case Action.Void fireAndForget -> call(frame, namespace, null);
            case Action.Enqueue enqueue -> enqueue(frame, namespace, enqueue);
        }
    }

    /** Too much waits already for what this connection registers. */
    void refuse(Frame.InvokeFunction frame) {
        ErrorBody overloaded = ErrorCode.OVERLOADED.body(
                "Calls that wait for this worker's registrations would take more than a message may; retry "
                        + frame.functionId() + " later.");
        if (frame.action() instanceof Action.Void) {
            invoker.refused(frame.functionId(), connection.id(), overloaded);
            tellLost(frame, new Outcome.Failure(overloaded));
        } else {
            answer(frame, new Outcome.Failure(overloaded));
        }
    }

    private void call(Frame.InvokeFunction frame, String namespace, @Nullable String replyTo) {
        Call call = new Call(
                replyTo == null ? UUID.randomUUID().toString() : replyTo,
                frame.functionId(),
                namespace,
                frame.data(),
                frame.metadata(),
                replyTo != null,
                connection.id(),
                frame.traceparent(),
                baggage(frame),
                System.currentTimeMillis() + settings.callCeiling().toMillis());
        if (replyTo != null) {
            waiting++;
            invoker.invoke(call, outcome -> socket.execute(() -> {
                waiting--;
                deliver(frame, outcome);
            }));
        } else {
            invoker.fire(call, lost -> socket.execute(() -> tellLost(frame, lost)));
        }
    }

    /** It goes along with all that a call causes, so what is longer than W3C's baggage may be is left out. */
    private static @Nullable String baggage(Frame.InvokeFunction frame) {
        String baggage = frame.baggage();
        return baggage == null || baggage.length() <= LONGEST_BAGGAGE ? baggage : null;
    }

    /** Nobody waits, and SDKs ignore it; but who looks at the frames can see it (spec: protocol.md 10.4). */
    private void tellLost(Frame.InvokeFunction frame, Outcome lost) {
        if (!connection.hasEnded()) {
            String id = frame.invocationId() == null ? UUID.randomUUID().toString() : frame.invocationId();
            socket.send(FrameWriter.write(result(id, frame, lost)));
        }
    }

    private void enqueue(Frame.InvokeFunction frame, String namespace, Action.Enqueue action) {
        EnqueueAction.Wish wish = new EnqueueAction.Wish(
                action.queue(),
                action.all(),
                frame.functionId(),
                namespace,
                frame.data(),
                frame.metadata(),
                frame.traceparent(),
                baggage(frame),
                frame.invocationId() != null,
                System.currentTimeMillis() + settings.callCeiling().toMillis());
        waiting++;
        enqueuing.enqueue(wish, outcome -> socket.execute(() -> {
            waiting--;
            deliver(frame, outcome);
        }));
    }

    /** Sends the outcome to the worker, or keeps it for the worker's next connection when this one has ended. */
    private void deliver(Frame.InvokeFunction frame, Outcome outcome) {
        if (!connection.hasEnded()) {
            answer(frame, outcome);
        } else if (successor != null) {
            CallerSide next = successor.caller();
            successor.execute(() -> next.deliver(frame, outcome));
        } else if (claimable) {
            keep(new Unclaimed(frame, outcome));
        }
    }

    /** What is too much for one payload is too much for a worker that may not come back. */
    private void keep(Unclaimed result) {
        if (unclaimed.size() < MOST_UNCLAIMED && unclaimedBytes + result.bytes() <= settings.maxPayloadBytes()) {
            unclaimed.add(result);
            unclaimedBytes += result.bytes();
        }
    }

    /** The connection has ended, but the worker may come back; then its {@linkplain #succeed successor} gets the results. */
    void awaitSuccessor() {
        claimable = true;
    }

    /** The worker is back: the new connection gets what came in meanwhile, and what still comes. */
    void succeed(WorkerConnection next) {
        successor = next;
        unclaimed.forEach(result -> deliver(result.frame(), result.outcome()));
        unclaimed.clear();
    }

    /** The worker has not come back in time. */
    void giveUp() {
        claimable = false;
        unclaimed.clear();
    }

    /** Sends the outcome of a call, when its caller gave an id and wants to know. */
    private void answer(Frame.InvokeFunction frame, Outcome outcome) {
        if (frame.invocationId() == null || frame.action() instanceof Action.Void) {
            return;
        }
        String id = frame.invocationId();
        byte[] result = FrameWriter.write(result(id, frame, outcome));
        int largest = connection.largestFrame();
        if (result.length > largest) {
            String what = "The result of " + frame.functionId();
            result = FrameWriter.write(result(id, frame, PayloadLimit.exceeded(what, result.length, largest)));
        }
        socket.send(result);
    }

    private static Frame.InvocationResult result(String invocationId, Frame.InvokeFunction frame, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success ->
                new Frame.InvocationResult(
                        invocationId,
                        frame.functionId(),
                        success.value(),
                        null,
                        frame.traceparent(),
                        frame.baggage());
            case Outcome.Failure failure ->
                new Frame.InvocationResult(
                        invocationId,
                        frame.functionId(),
                        null,
                        failure.error(),
                        frame.traceparent(),
                        frame.baggage());
        };
    }
}
