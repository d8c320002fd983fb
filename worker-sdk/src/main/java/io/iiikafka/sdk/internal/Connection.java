package io.iiikafka.sdk.internal;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.iiikafka.sdk.internal.websocket.ClientSocket;
import io.iiikafka.sdk.internal.websocket.ProtocolViolation;
import io.iiikafka.sdk.internal.websocket.SocketEvents;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameWriter;

/**
 * One WebSocket to the engine, from its opening to its end. Frames wait in a bounded queue; whoever finds nobody
 * writing writes, all that waits in one go, for the others too.
 *
 * <p>Threads: received messages are handed over on the reading thread. What that thread sends, because a program goes on
 * calling in what follows an answer, is written when all that has arrived is handed over; it never waits for room.
 */
final class Connection implements SocketEvents {

    private static final int MAX_QUEUED_BYTES = 4 * 1024 * 1024;
    private static final int MAX_QUEUED_FRAMES = 4 * 1024;
    private static final int BYTES_AT_ONCE = 64 * 1024;
    private static final int NORMAL = 1000;

    /** What a close frame without a code counts as. */
    private static final int NO_CODE = 1005;

    private final ClientSocket socket;
    private final Thread reader = Thread.ofPlatform().name("iii-worker-reader").daemon().unstarted(this::read);
    private final Consumer<byte[]> messages;
    private final CountDownLatch closed = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private final ArrayDeque<Runnable> controls = new ArrayDeque<>();
    private final List<Outgoing> written = new ArrayList<>();
    private long queuedBytes;
    private boolean writing;
    private boolean over;
    private boolean lostWhatWasWritten;

    private volatile String closeReason = "";
    private volatile long heardAt = System.nanoTime();

    Connection(ClientSocket socket, Consumer<byte[]> messages) {
        this.socket = socket;
        this.messages = messages;
    }

    /** Begins to read. */
    void begin() {
        reader.start();
    }

    private void read() {
        try {
            socket.readAll(this);
        } catch (ProtocolViolation e) {
            end(e.getMessage());
            farewell(e.closeCode(), e.getMessage());
        } catch (EOFException e) {
            end("the connection was cut");
        } catch (IOException e) {
            end("connection failed: " + e.getMessage());
        } finally {
            end("the reader failed");
            socket.cut();
        }
    }

    /** Waits while the queue is full; false when the connection is over, in which case nothing was sent. */
    boolean send(Frame frame) {
        Outgoing outgoing = new Outgoing(frame, FrameWriter.write(frame));
        lock.lock();
        try {
            boolean reading = Thread.currentThread() == reader;
            while (!over && !reading && (queue.size() >= MAX_QUEUED_FRAMES || queuedBytes >= MAX_QUEUED_BYTES)) {
                changed.awaitUninterruptibly();
            }
            if (over) {
                return false;
            }
            queue.add(outgoing);
            queuedBytes += outgoing.text.length;
            if (writing || reading) {
                return true;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        writeQueued();
        return true;
    }

    @Override
    public void drained() {
        lock.lock();
        try {
            if (writing || over || queue.isEmpty()) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        writeQueued();
    }

    /** Sends a ping, a pong or a close frame, past the queue. */
    private void sendControl(Runnable gather) {
        lock.lock();
        try {
            controls.add(gather);
            if (writing || over) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        writeQueued();
    }

    private void writeQueued() {
        while (gather()) {
            try {
                socket.write();
            } catch (IOException e) {
                writeFailed(e);
                return;
            }
        }
    }

    /** Fills the socket's batch; false when there is nothing more to write, and this thread no longer does. */
    private boolean gather() {
        lock.lock();
        try {
            written.clear();
            if (over || queue.isEmpty() && controls.isEmpty()) {
                writing = false;
                changed.signalAll();
                return false;
            }
            for (Runnable control = controls.poll(); control != null; control = controls.poll()) {
                control.run();
            }
            for (Outgoing next = queue.peek(); next != null && fits(next); next = queue.peek()) {
                written.add(queue.poll());
                queuedBytes -= next.text.length;
                socket.gatherText(next.text);
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(Outgoing next) {
        return written.isEmpty() || socket.gathered() + next.text.length <= BYTES_AT_ONCE;
    }

    private void writeFailed(IOException failure) {
        end("send failed: " + failure.getMessage());
        socket.cut();
        lock.lock();
        try {
            lostWhatWasWritten = true;
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** After the end: what was never written, in order. */
    List<Frame> unsent() {
        lock.lock();
        try {
            awaitWriter();
            List<Frame> frames = frames(queue);
            queue.clear();
            return frames;
        } finally {
            lock.unlock();
        }
    }

    /** After the end: the frames whose writing failed, perhaps after all of them had gone. */
    List<Frame> perhapsSent() {
        lock.lock();
        try {
            awaitWriter();
            return lostWhatWasWritten ? frames(written) : List.of();
        } finally {
            lock.unlock();
        }
    }

    /** The socket is cut by now, so whoever writes is about to fail. */
    private void awaitWriter() {
        while (writing) {
            changed.awaitUninterruptibly();
        }
    }

    private static List<Frame> frames(Iterable<Outgoing> outgoing) {
        List<Frame> frames = new ArrayList<>();
        outgoing.forEach(each -> frames.add(each.frame));
        return frames;
    }

    /** Watches over the connection until it has ended: probes it, and ends it when nothing is heard any more. */
    void superviseUntilClosed(Duration pingInterval, Duration idleTimeout) throws InterruptedException {
        while (!closed.await(pingInterval.toNanos(), TimeUnit.NANOSECONDS)) {
            long silence = System.nanoTime() - heardAt;
            if (silence > idleTimeout.toNanos()) {
                end("nothing heard for " + Duration.ofNanos(silence).toSeconds() + " s");
                socket.cut();
            } else if (silence > pingInterval.toNanos() / 2) {
                later(() -> sendControl(socket::gatherPing));
            }
        }
    }

    /** Who watches or reads must not wait for the engine to read. */
    private static void later(Runnable task) {
        Thread.startVirtualThread(task);
    }

    /** Sends what is queued, then a close frame, and waits for the other side's. */
    void close(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (!over && (writing || !queue.isEmpty()) && System.nanoTime() < deadline) {
                changed.awaitNanos(Math.max(0, deadline - System.nanoTime()));
            }
        } finally {
            lock.unlock();
        }
        later(() -> sendControl(() -> socket.gatherClose(NORMAL, "")));
        if (!closed.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            end("closed by this worker");
        }
        socket.cut();
    }

    String closeReason() {
        return closeReason;
    }

    private void end(String reason) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            closeReason = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closed.countDown();
    }

    /** A close frame after the end, unless somebody is stuck in writing. */
    private void farewell(int code, String reason) {
        lock.lock();
        try {
            if (writing) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        try {
            socket.gatherClose(code, reason);
            socket.write();
        } catch (IOException e) {
            // the engine did not wait for it
        } finally {
            lock.lock();
            try {
                writing = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void text(byte[] utf8) {
        heardAt = System.nanoTime();
        messages.accept(utf8);
    }

    @Override
    public void ping(byte[] payload) {
        heardAt = System.nanoTime();
        later(() -> sendControl(() -> socket.gatherPong(payload)));
    }

    @Override
    public void pong() {
        heardAt = System.nanoTime();
    }

    @Override
    public void closed(int code, String reason) {
        boolean coded = code != NO_CODE;
        end("closed by the engine" + (coded ? " with code " + code : "") + (reason.isEmpty() ? "" : ": " + reason));
        farewell(coded ? code : NORMAL, "");
    }

    private record Outgoing(Frame frame, byte[] text) {}
}
