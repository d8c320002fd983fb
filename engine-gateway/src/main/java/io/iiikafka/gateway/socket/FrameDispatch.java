package io.iiikafka.gateway.socket;

import java.util.ArrayDeque;
import java.util.Queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameReader;
import io.iiikafka.sdk.protocol.InvalidFrameException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a connection's messages, one after the other, to where each belongs. Used on the connection's event loop. */
final class FrameDispatch {

    private static final Logger LOG = LoggerFactory.getLogger(FrameDispatch.class);

    private final WorkerConnection connection;
    private final Reattachment reattachment;
    private final ProviderAnswers providerAnswers;
    private final SocketMetrics metrics;
    private final Queue<byte[]> backlog = new ArrayDeque<>();
    private final int mostWaitingBytes;
    private long backlogBytes;
    private boolean suspended;

    /** @param mostWaitingBytes what may come in while the connection that a worker had before is being retired */
    FrameDispatch(
            WorkerConnection connection,
            Reattachment reattachment,
            ProviderAnswers providerAnswers,
            SocketMetrics metrics,
            int mostWaitingBytes) {
        this.mostWaitingBytes = mostWaitingBytes;
        this.connection = connection;
        this.reattachment = reattachment;
        this.providerAnswers = providerAnswers;
        this.metrics = metrics;
    }

    void message(byte[] message) {
        if (suspended) {
            backlog.add(message);
            backlogBytes += message.length;
            if (backlogBytes > mostWaitingBytes) {
                backlog.clear();
                connection.restart("too much came in before the worker's old connection was gone");
            }
        } else {
            dispatch(message);
        }
    }

    private void dispatch(byte[] message) {
        if (Telemetry.isTelemetry(message)) {
            metrics.telemetryFrame();
            return;
        }
        if (isBlank(message)) {
            return;
        }
        try {
            dispatch(FrameReader.read(message), message.length);
        } catch (InvalidFrameException e) {
            invalid(e);
        }
    }

    private void dispatch(Frame frame, int size) {
        boolean registration =
                switch (frame) {
                    case Frame.RegisterFunction f -> submit(f, size);
                    case Frame.UnregisterFunction f -> submit(f, size);
                    case Frame.RegisterTriggerType f -> submit(f, size);
                    case Frame.UnregisterTriggerType f -> submit(f, size);
                    case Frame.RegisterTrigger f -> submit(f, size);
                    case Frame.UnregisterTrigger f -> submit(f, size);
                    case Frame.RegisterService f -> submit(f, size);
                    case Frame.InvokeFunction call -> invoke(call);
                    case Frame.InvocationResult result -> {
                        connection.callee().finish(result);
                        yield false;
                    }
                    case Frame.TriggerRegistrationResult answer -> {
                        providerAnswers.answered(connection.id(), answer);
                        yield false;
                    }
                    case Frame.Ping ping -> {
                        connection.send(new Frame.Pong());
                        yield false;
                    }
                    case Frame.Reattach reattach -> reattach(reattach);
                    case Frame.Pong pong -> false;
                    case Frame.WorkerRegistered engineOnly -> false;
                    case Frame.RegistrationRejected engineOnly -> false;
                    case Frame.ErrorFrame engineOnly -> false;
                };
        connection.grace().frame(registration);
    }

    private boolean submit(Frame registration, int size) {
        connection.registrations().submit(registration, size);
        return true;
    }

    private boolean invoke(Frame.InvokeFunction call) {
        CallerSide caller = connection.caller();
        connection.registrations().runAfterOwn(call, () -> caller.invoke(call), () -> caller.refuse(call));
        return false;
    }

    /** Nothing that follows may be processed before the old connection's registrations are gone (spec: 2.4). */
    private boolean reattach(Frame.Reattach frame) {
        suspended = true;
        reattachment.take(connection, frame).onComplete(done -> connection.execute(this::resume));
        return false;
    }

    private void resume() {
        suspended = false;
        backlogBytes = 0;
        while (!suspended && !backlog.isEmpty()) {
            dispatch(backlog.poll());
        }
    }

    /** The connection stays open; a caller that can be answered is (spec: 1.5). */
    private void invalid(InvalidFrameException invalid) {
        metrics.invalidFrame();
        LOG.atDebug()
                .addKeyValue("worker", connection.id())
                .addKeyValue("type", invalid.type())
                .log("Ignored an invalid frame: {}", invalid.getMessage());
        String id = invalid.invocationId();
        if (id == null) {
            return;
        }
        String functionId = invalid.functionId() == null ? "" : invalid.functionId();
        if ("invocationresult".equals(invalid.type())) {
            connection.callee().failUndecodable(id, "The worker's result could not be read: " + invalid.getMessage());
        } else {
            connection.send(new Frame.InvocationResult(
                    id, functionId, null, ErrorCode.INVALID_FRAME.body(String.valueOf(invalid.getMessage())), null, null));
        }
    }

    private static boolean isBlank(byte[] message) {
        for (byte each : message) {
            if (each != ' ' && each != '\n' && each != '\r' && each != '\t') {
                return false;
            }
        }
        return true;
    }
}
