package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.ChannelWriter;
import io.iiikafka.sdk.internal.websocket.Ending;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.internal.websocket.WebSocketListener;

/** Sends one frame at a time and waits until it is on its way, so that TCP's push-back reaches the program. */
final class ChannelSocketWriter implements ChannelWriter {

    private static final int FRAME_BYTES = 64 * 1024;

    /** Lets frames that travel beside the close frame arrive before it (spec: protocol.md 8.3). */
    private static final long PAUSE_BEFORE_CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Duration UNTIL_IT_ENDS = Duration.ofNanos(Long.MAX_VALUE);

    private final ChannelRef ref;
    private final WebSocket<ChannelRef> socket;
    private boolean closed;

    private ChannelSocketWriter(ChannelRef ref, WebSocket<ChannelRef> socket) {
        this.ref = ref;
        this.socket = socket;
    }

    static ChannelWriter open(Sockets sockets, URI worker, ChannelRef ref) throws IOException {
        WebSocket<ChannelRef> socket = sockets.openChannel(worker, ref);
        socket.start(new NothingExpected(), Thread.ofVirtual().name("iii-channel-writer").factory());
        return new ChannelSocketWriter(ref, socket);
    }

    @Override
    public void send(String message) throws IOException {
        await(socket.sendText(ref, message.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        for (int from = offset; from < end; from += FRAME_BYTES) {
            int count = Math.min(FRAME_BYTES, end - from);
            await(socket.sendBinary(ref, bytes, from, count));
        }
    }

    @Override
    public OutputStream bytes() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ChannelSocketWriter.this.write(bytes, offset, length);
            }

            @Override
            public void close() {
                ChannelSocketWriter.this.close();
            }
        };
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        long until = System.nanoTime() + PAUSE_BEFORE_CLOSE_NANOS;
        for (long left = PAUSE_BEFORE_CLOSE_NANOS; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
        }
        socket.close();
    }

    private void await(boolean accepted) throws IOException {
        try {
            if (!accepted || !socket.awaitWritten(UNTIL_IT_ENDS)) {
                throw new IOException("the channel's reader is gone" + why());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to a channel");
        }
    }

    private String why() {
        return socket.ending() instanceof Ending.Lost(String why) ? ": " + why : "";
    }

    /** The engine sends nothing to a writer (spec: protocol.md 8.3). */
    private static final class NothingExpected implements WebSocketListener {

        @Override
        public void text(byte[] utf8) {}

        @Override
        public void binary(byte[] bytes) {}

        @Override
        public void ended(Ending ending) {}
    }
}
