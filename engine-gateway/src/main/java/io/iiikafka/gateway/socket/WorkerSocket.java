package io.iiikafka.gateway.socket;

import java.time.Duration;

import io.iiikafka.gateway.invocation.ReaderThread;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * The way to one worker. Frames are written as the bytes that they are, and flushed once per turn of the event loop, so
 * that a burst of calls costs one system call.
 *
 * <p>Used on the connection's event loop only, except where a method says otherwise.
 */
final class WorkerSocket {

    /** The engine restarts or sheds load: every SDK comes back (spec: protocol.md 1.6). */
    static final short SERVICE_RESTART = 1012;
    static final short TRY_AGAIN_LATER = 1013;
    static final short POLICY_VIOLATION = 1008;
    static final short MESSAGE_TOO_BIG = 1009;
    static final short NOT_CONSISTENT = 1007;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final ServerWebSocket webSocket;
    private final ChannelHandlerContext channel;
    private final Vertx vertx;
    private final Context context;
    private final long maxQueuedBytes;
    private boolean flushScheduled;
    private boolean overflowed;
    private boolean closing;

    WorkerSocket(Vertx vertx, ServerWebSocket webSocket, long maxQueuedBytes) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.webSocket = webSocket;
        // The public API takes text as a String only, which would decode and encode every payload once more.
        this.channel = ((WebSocketInternal) webSocket).channelHandlerContext();
        this.maxQueuedBytes = maxQueuedBytes;
    }

    /** Runs on the connection's event loop; may be called from any thread. */
    void execute(Runnable task) {
        ReaderThread.execute(channel.executor(), task);
    }

    Context context() {
        return context;
    }

    boolean inEventLoop() {
        return channel.executor().inEventLoop();
    }

    void send(Frame frame) {
        send(FrameWriter.write(frame));
    }

    void send(byte[] text) {
        assert inEventLoop();
        if (closing) {
            return;
        }
        channel.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(text)), channel.voidPromise());
        if (!flushScheduled) {
            flushScheduled = true;
            channel.executor().execute(this::flush);
        }
        checkQueue();
    }

    private void flush() {
        flushScheduled = false;
        channel.flush();
    }

    /** What waits to be written, in bytes. */
    long queuedBytes() {
        ChannelOutboundBuffer queue = channel.channel().unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    /** Whether so much waits to be written that calls should wait here rather than there. */
    boolean isCongested() {
        return queuedBytes() > maxQueuedBytes / 2;
    }

    /** A worker that does not read must not cost the engine its memory, nor other workers theirs. */
    private void checkQueue() {
        if (queuedBytes() > maxQueuedBytes && !overflowed) {
            doesNotRead();
        }
    }

    /** Disconnects the worker for that reason. */
    void doesNotRead() {
        overflowed = true;
        close(POLICY_VIOLATION, "worker does not read: " + queuedBytes() + " bytes wait to be sent");
        cut();
    }

    void ping() {
        if (!closing) {
            webSocket.writePing(Buffer.buffer("iii"));
        }
    }

    /** Counts what comes in there; on the connection's event loop. */
    void watch(UnfinishedMessages unfinished) {
        watch(unfinished, () -> {});
    }

    /**
     * As {@link #watch(UnfinishedMessages)}.
     *
     * @param heard told whenever something comes in, before it is looked at
     */
    void watch(UnfinishedMessages unfinished, Runnable heard) {
        unfinished.source(() -> execute(this::cutUnfinished)).watch(channel, heard);
    }

    /** Disconnects who takes so long over a message that there is no room for those of others. */
    private void cutUnfinished() {
        close(TRY_AGAIN_LATER, "too much unfinished at once: this message began first");
        cut();
    }

    /** Sends a close frame; the connection is cut when the worker does not answer it in time. */
    void close(short code, String reason) {
        if (!closing) {
            closing = true;
            webSocket.close(code, reason);
            vertx.setTimer(CLOSE_PATIENCE.toMillis(), timer -> cut());
        }
    }

    /** Sends a close frame without a code: this worker must not come back (spec: protocol.md 1.6). */
    void closeForGood() {
        if (!closing) {
            closing = true;
            flush();
            webSocket.close();
            vertx.setTimer(CLOSE_PATIENCE.toMillis(), timer -> cut());
        }
    }

    /** Ends the connection without a word. */
    void cut() {
        closing = true;
        channel.close();
    }
}
