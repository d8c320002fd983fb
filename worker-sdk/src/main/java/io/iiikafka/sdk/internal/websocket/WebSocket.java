package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket.
 *
 * <p>Threads: any may send, ping, close and abort. What the reading thread sends, because a program goes on calling
 * in what follows an answer, is written when all that has arrived is handed over; it waits for nothing. Pings are
 * answered, and the close handshake is made, without anybody's help.
 *
 * @param <T> what a message stands for to the sender, who learns after the end what was not sent
 */
public final class WebSocket<T> {

    private static final Logger LOG = System.getLogger(WebSocket.class.getName());

    private static final Executor CONTROL_THREADS =
            task -> Thread.ofPlatform().name("iii-websocket-control").daemon().start(task);

    private static final Duration PARTING_PATIENCE = Duration.ofSeconds(1);

    private final Socket socket;
    private final InputBuffer input;
    private final int maxMessageBytes;
    private final Outbox<T> outbox;
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
    private volatile @Nullable Thread reader;

    WebSocket(
            Socket socket,
            InputBuffer input,
            OutputStream output,
            SecureRandom random,
            int maxMessageBytes) {
        this.socket = socket;
        this.input = input;
        this.maxMessageBytes = maxMessageBytes;
        this.outbox = new Outbox<>(
                new FrameOutput(output, new MaskKeys(random)),
                Thread::startVirtualThread,
                CONTROL_THREADS,
                this::sendFailed);
        input.beforeWaiting(outbox::release);
    }

    /** Begins to read, on a thread of its own. To be called once. */
    public void start(WebSocketListener listener, ThreadFactory threads) {
        Thread thread = threads.newThread(() -> read(listener));
        reader = thread;
        thread.start();
    }

    /** Who refuses what is being sent closes while it still comes in; why, the reader may be about to hear. */
    private void sendFailed(IOException failure) {
        CONTROL_THREADS.execute(() -> {
            try {
                Thread thread = reader;
                if (thread != null) {
                    thread.join(PARTING_PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            abort("send failed: " + failure.getMessage());
        });
    }

    private void read(WebSocketListener listener) {
        boolean polite = true;
        try {
            CloseFrame close = new MessageReader(input, maxMessageBytes, sink(listener)).readUntilClose();
            end(new Ending.Closed(close.code(), close.reason()), close.echo());
        } catch (ProtocolException e) {
            end(new Ending.Lost("protocol error: " + e.getMessage()), new CloseFrame(e.closeCode(), String.valueOf(e.getMessage())));
        } catch (IOException e) {
            polite = false;
            end(new Ending.Lost("connection failed: " + e.getMessage()), null);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a received message could not be handled", e);
            end(new Ending.Lost("failed: " + e), new CloseFrame(CloseFrame.INTERNAL_ERROR, ""));
        }
        listener.ended(Objects.requireNonNull(ending.get()));
        if (polite) {
            partPolitely();
        }
        closeSocket();
    }

    private MessageReader.Sink sink(WebSocketListener listener) {
        return new MessageReader.Sink() {
            @Override
            public void text(byte[] utf8) {
                listener.text(utf8);
            }

            @Override
            public void binary(byte[] bytes) {
                listener.binary(bytes);
            }

            @Override
            public void ping(byte[] payload) {
                outbox.putControl(Opcode.PONG, payload);
            }
        };
    }

    private void end(Ending how, @Nullable CloseFrame farewell) {
        boolean first = ending.compareAndSet(null, how);
        outbox.end(first ? farewell : null);
    }

    /** Lets the close frame arrive: a socket closed with something unread in it would be reset instead. */
    private void partPolitely() {
        long deadline = System.nanoTime() + PARTING_PATIENCE.toNanos();
        try {
            if (outbox.awaitWritten(PARTING_PATIENCE)) {
                socket.shutdownOutput();
            }
            byte[] ignored = new byte[4 * 1024];
            long left = deadline - System.nanoTime();
            while (left > 0) {
                socket.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(left) + 1);
                if (socket.getInputStream().read(ignored) < 0) {
                    break;
                }
                left = deadline - System.nanoTime();
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "a parting WebSocket was cut: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket could not be closed: {0}", e.getMessage());
        }
    }

    /**
     * Sends a text message, after all that was sent before. Waits while too much is queued.
     *
     * @param utf8 not to be changed any more
     * @return false if this is closing or has ended, in which case nothing is sent
     */
    public boolean sendText(T origin, byte[] utf8) {
        return send(new Message<>(origin, Opcode.TEXT, utf8, 0, utf8.length));
    }

    /** As {@link #sendText(Object, byte[])}, and waits for this many nanoseconds at most. */
    public Sending sendText(T origin, byte[] utf8, long patience) {
        if (Thread.currentThread() == reader) {
            return sendText(origin, utf8) ? Sending.ACCEPTED : Sending.OVER;
        }
        return outbox.put(new Message<>(origin, Opcode.TEXT, utf8, 0, utf8.length), patience);
    }

    /** As {@link #sendText(Object, byte[])}; the bytes may be changed after {@link #awaitWritten}. */
    public boolean sendBinary(T origin, byte[] bytes, int offset, int length) {
        return send(new Message<>(origin, Opcode.BINARY, bytes, offset, length));
    }

    private boolean send(Message<T> message) {
        return Thread.currentThread() == reader ? outbox.hold(message) : outbox.put(message);
    }

    /** Waits until all that was sent is on its way; false when that took too long, or some of it never will be. */
    public boolean awaitWritten(Duration patience) throws InterruptedException {
        return outbox.awaitWritten(patience);
    }

    /** Has the other side show a sign of life. Never waits. */
    public void ping() {
        outbox.putControl(Opcode.PING, new byte[0]);
    }

    /** How long nothing has been heard. */
    public long silentNanos() {
        return System.nanoTime() - input.filledAt();
    }

    /** Sends what waits, then a close frame of code 1000; the end comes with the other side's. Never waits. */
    public void close() {
        outbox.close(new CloseFrame(CloseFrame.NORMAL, ""));
    }

    /** Ends at once, if it has not ended: cuts the connection. Never waits. */
    public void abort(String why) {
        end(new Ending.Lost(why), null);
        closeSocket();
    }

    /** Null before the end. */
    public @Nullable Ending ending() {
        return ending.get();
    }

    /** After the end: what was never written, in order. */
    public List<T> unsent() {
        return outbox.unsent();
    }

    /** After the end: what was being written, none, some or all of it. */
    public List<T> halfSent() {
        return outbox.halfSent();
    }
}
