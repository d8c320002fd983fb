package io.iiikafka.sdk.internal;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;

/**
 * One WebSocket to the engine, from its opening to its end. The JDK's socket allows one send at a time, so frames
 * wait in a bounded queue; whoever finds nobody sending sends, for the others too.
 *
 * <p>Threads: {@link #send} may be used by any thread but the one that reads, since it waits while the queue is full
 * and it is the reading thread that then empties it. Received messages are handed over on the reading thread.
 */
final class Connection implements WebSocket.Listener {

    private static final int MAX_QUEUED_CHARS = 4 * 1024 * 1024;
    private static final int MAX_QUEUED_FRAMES = 4 * 1024;

    private final Consumer<String> messages;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StringBuilder partial = new StringBuilder();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private long queuedChars;
    private boolean sending;
    private boolean over;

    private volatile @Nullable WebSocket socket;
    private volatile @Nullable Outgoing halfSent;
    private volatile String closeReason = "";
    private volatile long heardAt = System.nanoTime();

    Connection(Consumer<String> messages) {
        this.messages = messages;
    }

    /** Called with the socket before anything is sent. */
    void opened(WebSocket webSocket) {
        socket = webSocket;
    }

    /** Waits while the queue is full; false when the connection is over, in which case nothing was sent. */
    boolean send(Frame frame) {
        Outgoing outgoing = new Outgoing(frame, new String(FrameWriter.write(frame), StandardCharsets.UTF_8));
        lock.lock();
        try {
            while (!over && (queue.size() >= MAX_QUEUED_FRAMES || queuedChars >= MAX_QUEUED_CHARS)) {
                room.awaitUninterruptibly();
            }
            if (over) {
                return false;
            }
            queue.add(outgoing);
            queuedChars += outgoing.text.length();
            if (sending) {
                return true;
            }
            sending = true;
        } finally {
            lock.unlock();
        }
        sendQueued();
        return true;
    }

    private void sendQueued() {
        for (Outgoing next = poll(); next != null; next = poll()) {
            Outgoing current = next;
            CompletableFuture<WebSocket> sent = socket().sendText(current.text, true);
            if (!sent.isDone()) {
                sent.whenComplete((socket, failure) -> {
                    if (failure == null) {
                        sendQueued();
                    } else {
                        sendFailed(current, failure);
                    }
                });
                return;
            }
            if (sent.isCompletedExceptionally()) {
                sendFailed(current, sent.exceptionNow());
                return;
            }
        }
    }

    private @Nullable Outgoing poll() {
        lock.lock();
        try {
            Outgoing next = over ? null : queue.poll();
            if (next == null) {
                sending = false;
                return null;
            }
            queuedChars -= next.text.length();
            room.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void sendFailed(Outgoing outgoing, Throwable failure) {
        halfSent = outgoing;
        end("send failed: " + failure);
        socket().abort();
    }

    /** After the end: what was never written, in order. */
    List<Frame> unsent() {
        lock.lock();
        try {
            List<Frame> frames = new ArrayList<>();
            queue.forEach(outgoing -> frames.add(outgoing.frame));
            queue.clear();
            return frames;
        } finally {
            lock.unlock();
        }
    }

    /** After the end: the frame whose sending failed, perhaps after all of it was written. */
    @Nullable Frame halfSent() {
        Outgoing outgoing = halfSent;
        return outgoing == null ? null : outgoing.frame;
    }

    /** Watches over the connection until it has ended: probes it, and ends it when nothing is heard any more. */
    void superviseUntilClosed(Duration pingInterval, Duration idleTimeout) throws InterruptedException {
        while (!closed.await(pingInterval.toNanos(), TimeUnit.NANOSECONDS)) {
            long silence = System.nanoTime() - heardAt;
            if (silence > idleTimeout.toNanos()) {
                end("nothing heard for " + Duration.ofNanos(silence).toSeconds() + " s");
                socket().abort();
            } else if (silence > pingInterval.toNanos() / 2) {
                socket().sendPing(ByteBuffer.allocate(0));
            }
        }
    }

    /** Sends what is queued, then a close frame, and waits for the other side's. */
    void close(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (!over && (sending || !queue.isEmpty()) && System.nanoTime() < deadline) {
                room.awaitNanos(Math.min(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(5)));
            }
        } finally {
            lock.unlock();
        }
        socket().sendClose(WebSocket.NORMAL_CLOSURE, "");
        if (!closed.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            socket().abort();
            end("closed by this worker");
        }
    }

    String closeReason() {
        return closeReason;
    }

    private WebSocket socket() {
        WebSocket current = socket;
        if (current == null) {
            throw new IllegalStateException("not opened");
        }
        return current;
    }

    private void end(String reason) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            closeReason = reason;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        closed.countDown();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        socket = webSocket;
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        heard(webSocket);
        if (!last) {
            partial.append(data);
        } else if (partial.isEmpty()) {
            messages.accept(data.toString());
        } else {
            String whole = partial.append(data).toString();
            partial.setLength(0);
            partial.trimToSize();
            messages.accept(whole);
        }
        return null;
    }

    /** The engine sends text only (spec: protocol.md 1.5). */
    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        heard(webSocket);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        heard(webSocket);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        heard(webSocket);
        return null;
    }

    private void heard(WebSocket webSocket) {
        heardAt = System.nanoTime();
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        end("closed by the engine with code " + code + (reason.isEmpty() ? "" : ": " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end("connection failed: " + error);
    }

    private record Outgoing(Frame frame, String text) {}
}
