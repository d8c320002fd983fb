package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.ChannelWriter;

/** Sends one frame at a time and waits until it is on its way, so that TCP's push-back reaches the program. */
final class ChannelSocketWriter implements ChannelWriter {

    private static final int FRAME_BYTES = 64 * 1024;

    /** Lets frames that travel beside the close frame arrive before it (spec: protocol.md 8.3). */
    private static final long PAUSE_BEFORE_CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final WebSocket socket;
    private boolean closed;

    private ChannelSocketWriter(WebSocket socket) {
        this.socket = socket;
    }

    static ChannelWriter open(Sockets sockets, URI worker, ChannelRef ref) throws IOException {
        return new ChannelSocketWriter(sockets.openChannel(worker, ref, new WebSocket.Listener() {}));
    }

    @Override
    public void send(String message) throws IOException {
        await(socket.sendText(message, true));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        for (int from = offset; from < end; from += FRAME_BYTES) {
            int count = Math.min(FRAME_BYTES, end - from);
            await(socket.sendBinary(ByteBuffer.wrap(bytes, from, count), true));
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
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }

    private static void await(CompletableFuture<WebSocket> sent) throws IOException {
        try {
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to a channel");
        } catch (ExecutionException e) {
            throw new IOException("the channel's reader is gone: " + e.getCause().getMessage(), e.getCause());
        }
    }
}
