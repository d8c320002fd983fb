package io.iiikafka.gateway.socket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.gateway.invocation.Baggage;
import io.iiikafka.gateway.invocation.Delivery;
import io.iiikafka.gateway.invocation.Outcomes;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a connection runs for others: from the frame that asks to the result, or to the end of the connection.
 * Used on the connection's event loop, except {@link #inFlight()} and {@link #reserve()}.
 */
final class CalleeSide {

    /** Of a call with a frame of this size only what its answer needs is kept while it runs. */
    private static final int LARGE = 16 * 1024;

    private final WorkerSocket socket;
    private final Outcomes outcomes;
    private final String source;
    private final Map<String, Delivery> running = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    CalleeSide(WorkerSocket socket, Outcomes outcomes, String connection) {
        this.socket = socket;
        this.outcomes = outcomes;
        this.source = Outcomes.OF_WORKERS + connection;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Counts a call that is about to be handed over, so that others see this worker's load at once. */
    void reserve() {
        inFlight.incrementAndGet();
    }

    /** Undoes {@link #reserve()} for a call that goes elsewhere. */
    void release() {
        inFlight.decrementAndGet();
    }

    /** Sends a reserved call to the worker, unless the frame would exceed what the worker can take. */
    void start(Delivery delivery, int largestFrame) {
        Call call = delivery.call();
        String id = freeId(call.invocationId());
        byte[] frame = frame(id, call, call.data());
        RawJson shorter = frame.length > largestFrame ? LargeBody.leftOut(call) : null;
        if (shorter != null) {
            frame = frame(id, call, shorter);
        }
        if (frame.length > largestFrame) {
            release();
            String what = "The call of " + call.functionId();
            outcomes.send(delivery, PayloadLimit.exceeded(what, frame.length, largestFrame), source);
            return;
        }
        running.put(id, frame.length > LARGE ? delivery.handedOver() : delivery);
        socket.send(frame);
    }

    private static byte[] frame(String id, Call call, @Nullable RawJson data) {
        return FrameWriter.writeInvocation(
                id,
                call.functionId(),
                data,
                call.callerWorkerId(),
                call.traceparent(),
                Baggage.forCallee(call.traceparent(), call.baggage(), call.functionId()),
                call.metadata());
    }

    /** Callers choose their ids, so two of them may have chosen the same. */
    private String freeId(String wanted) {
        return wanted.isEmpty() || running.containsKey(wanted) ? UUID.randomUUID().toString() : wanted;
    }

    /** Takes a result; one that nobody asked this connection for is ignored. */
    void finish(Frame.InvocationResult result) {
        Delivery delivery = running.remove(result.invocationId());
        if (delivery == null) {
            return;
        }
        release();
        outcomes.send(delivery, outcome(result), source);
    }

    private static Outcome outcome(Frame.InvocationResult result) {
        if (result.error() != null) {
            return new Outcome.Failure(result.error());
        }
        boolean noValue = result.result() == null || result.result().isNull();
        return noValue ? Outcome.NO_VALUE : new Outcome.Success(result.result());
    }

    /** Answers an undecodable result of a call, so that its caller need not time out. */
    void failUndecodable(String invocationId, String why) {
        Delivery delivery = running.remove(invocationId);
        if (delivery != null) {
            release();
            outcomes.send(delivery, Outcome.failure(ErrorCode.SERIALIZATION_ERROR, why), source);
        }
    }

    /** Ends all calls with {@code invocation_stopped}: they may have run. */
    void stopAll() {
        List<Delivery> left = new ArrayList<>(running.values());
        running.clear();
        left.forEach(delivery -> {
            release();
            outcomes.stopped(delivery);
        });
    }
}
