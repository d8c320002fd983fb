package io.iiikafka.sdk.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.iiikafka.sdk.internal.websocket.Ending;
import io.iiikafka.sdk.internal.websocket.Sending;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.internal.websocket.WebSocketListener;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;

/**
 * One WebSocket to the engine, from its opening to its end.
 *
 * <p>Threads: received messages are handed over on the reading thread, which may send, too, and waits for nothing then.
 */
final class Connection implements WebSocketListener {

    /** The close code for a message that is larger than the other side takes. */
    private static final int TOO_BIG = 1009;

    private final WebSocket<Frame> socket;
    private final Consumer<byte[]> messages;
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile boolean closing;

    Connection(WebSocket<Frame> socket, Consumer<byte[]> messages) {
        this.socket = socket;
        this.messages = messages;
    }

    /** On a platform thread: handlers that compute for long cannot keep it from answering pings. */
    void start() {
        socket.start(this, Thread.ofPlatform().name("iii-worker-reader").daemon().factory());
    }

    /** Waits while the queue is full; false when the connection is over, in which case nothing was sent. */
    boolean send(Frame frame) {
        return socket.sendText(frame, FrameWriter.write(frame));
    }

    /** As {@link #send(Frame)}, and waits for this many nanoseconds at most. */
    Sending send(Frame frame, long patience) {
        return socket.sendText(frame, FrameWriter.write(frame), patience);
    }

    /** Ends at once. */
    void abort(String why) {
        socket.abort(why);
    }

    /** Whether the engine said that a message was too large for it. */
    boolean foundMessageTooLarge() {
        return socket.ending() instanceof Ending.Closed closed && closed.code() == TOO_BIG;
    }

    /** After the end: what was never written, in order. */
    List<Frame> unsent() {
        return socket.unsent();
    }

    /** After the end: the frames that were being written, none, some or all of them. */
    List<Frame> perhapsSent() {
        return socket.halfSent();
    }

    /** Watches over the connection until it has ended: probes it, and ends it when nothing is heard any more. */
    void superviseUntilClosed(Duration pingInterval, Duration idleTimeout) throws InterruptedException {
        long interval = TimeUnit.NANOSECONDS.convert(pingInterval);
        long limit = TimeUnit.NANOSECONDS.convert(idleTimeout);
        while (!ended.await(interval, TimeUnit.NANOSECONDS)) {
            long silence = socket.silentNanos();
            if (silence > limit) {
                socket.abort("nothing heard for " + Duration.ofNanos(silence).toSeconds() + " s");
            } else if (silence > interval / 2) {
                socket.ping();
            }
        }
    }

    /** Sends what is queued, then a close frame, and waits for the other side's. */
    void close(Duration patience) throws InterruptedException {
        closing = true;
        socket.close();
        if (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            socket.abort("no answer to the close frame");
        }
    }

    String closeReason() {
        if (closing) {
            return "closed by this worker";
        }
        return switch (socket.ending()) {
            case null -> "";
            case Ending.Closed(int code, String reason) ->
                "closed by the engine with code " + code + (reason.isEmpty() ? "" : ": " + reason);
            case Ending.Lost(String why) -> why;
        };
    }

    @Override
    public void text(byte[] utf8) {
        messages.accept(utf8);
    }

    /** The engine sends text only (spec: protocol.md 1.5). */
    @Override
    public void binary(byte[] bytes) {}

    @Override
    public void ended(Ending ending) {
        ended.countDown();
    }
}
