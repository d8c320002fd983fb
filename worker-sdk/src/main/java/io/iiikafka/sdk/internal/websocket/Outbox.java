package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, in a bounded queue. One thread writes at a time, and each write takes all that waits.
 *
 * <p>Threads: a platform thread that finds nobody writing writes once, its own message with it, which saves a change
 * of threads; the background writes what came meanwhile. It also writes all that virtual threads send: an interrupt of
 * a virtual thread that writes would close the socket for everybody, and while the background gets its turn others add
 * theirs.
 *
 * @param <T> what a message stands for, told when it was not sent
 */
final class Outbox<T> {

    private static final int MAX_QUEUED_MESSAGES = 4 * 1024;
    private static final long MAX_QUEUED_BYTES = 4 * 1024 * 1024;
    private static final int BATCH_BYTES = 64 * 1024;

    private final FrameOutput output;
    private final Executor background;
    private final Consumer<IOException> failed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Of control frames: they go before all messages. */
    private final ArrayDeque<Message<T>> urgent = new ArrayDeque<>();

    private final ArrayDeque<Message<T>> queue = new ArrayDeque<>();
    private long queuedBytes;

    private @Nullable CloseFrame farewell;
    private boolean closeTaken;
    private boolean over;

    /** Whether some thread has the right to take and write. */
    private boolean writing;

    /** What is being written; changed under the lock, by whoever writes. */
    private final List<Message<T>> batch = new ArrayList<>();

    private List<T> halfSent = List.of();

    /** @param failed told, after the end, of the write that failed */
    Outbox(FrameOutput output, Executor background, Consumer<IOException> failed) {
        this.output = output;
        this.background = background;
        this.failed = failed;
    }

    /** Waits while too much is queued; false when this is closing or over, in which case nothing is sent. */
    boolean put(Message<T> message) {
        return put(message, false);
    }

    /**
     * As {@link #put(Message)}, but for a thread that will call {@link #writeHeld()} soon and must not wait: what it
     * sends until then is written in one go.
     */
    boolean hold(Message<T> message) {
        return put(message, true);
    }

    private boolean put(Message<T> message, boolean held) {
        boolean self = !Thread.currentThread().isVirtual();
        lock.lock();
        try {
            while (!held && open() && (queue.size() >= MAX_QUEUED_MESSAGES || queuedBytes >= MAX_QUEUED_BYTES)) {
                changed.awaitUninterruptibly();
            }
            if (!open()) {
                return false;
            }
            queue.add(message);
            queuedBytes += message.length();
            if (writing || held) {
                return true;
            }
            writing = true;
            if (self) {
                take();
            }
        } finally {
            lock.unlock();
        }
        if (!self || write() && moreWaits()) {
            background.execute(this::writeAll);
        }
        return true;
    }

    /** Writes what was held. For a platform thread. */
    void writeHeld() {
        lock.lock();
        try {
            if (writing || nothingWaits()) {
                return;
            }
            writing = true;
            take();
        } finally {
            lock.unlock();
        }
        if (write() && moreWaits()) {
            background.execute(this::writeAll);
        }
    }

    /** A ping or pong; of each kind only the newest is sent. Never waits. */
    void putControl(int opcode, byte[] payload) {
        lock.lock();
        try {
            if (!open()) {
                return;
            }
            urgent.removeIf(waiting -> waiting.opcode() == opcode);
            urgent.add(Message.control(opcode, payload));
        } finally {
            lock.unlock();
        }
        writeInBackground();
    }

    /** Takes no more and sends this frame after all that waits. Never waits. */
    void close(CloseFrame frame) {
        lock.lock();
        try {
            if (!open()) {
                return;
            }
            farewell = frame;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        writeInBackground();
    }

    /** Takes and sends no more, but for this close frame, unless there was one already. Never waits. */
    void end(@Nullable CloseFrame frame) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            halfSent = origins(batch);
            urgent.clear();
            if (frame != null && !closeTaken) {
                urgent.add(Message.control(Opcode.CLOSE, frame.toBytes()));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        writeInBackground();
    }

    private boolean open() {
        return !over && farewell == null;
    }

    private void writeInBackground() {
        lock.lock();
        try {
            if (writing || nothingWaits()) {
                return;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        background.execute(this::writeAll);
    }

    private void writeAll() {
        while (takeMore() && write()) {
            // and so on, as long as there is more
        }
    }

    /** False, and the right to write given back, when there is nothing to be written. */
    private boolean takeMore() {
        lock.lock();
        try {
            boolean more = moreWaits();
            if (more) {
                take();
            }
            return more;
        } finally {
            lock.unlock();
        }
    }

    private boolean moreWaits() {
        lock.lock();
        try {
            batch.clear();
            writing = !nothingWaits();
            if (!writing) {
                changed.signalAll();
            }
            return writing;
        } finally {
            lock.unlock();
        }
    }

    private boolean nothingWaits() {
        return urgent.isEmpty() && (over || queue.isEmpty() && (farewell == null || closeTaken));
    }

    private void take() {
        batch.addAll(urgent);
        urgent.clear();
        if (over) {
            return;
        }
        long bytes = 0;
        while (bytes < BATCH_BYTES && !queue.isEmpty()) {
            Message<T> message = queue.remove();
            batch.add(message);
            bytes += message.length();
        }
        queuedBytes -= bytes;
        if (queue.isEmpty() && farewell != null && !closeTaken) {
            batch.add(Message.control(Opcode.CLOSE, farewell.toBytes()));
            closeTaken = true;
        }
        changed.signalAll();
    }

    private boolean write() {
        try {
            for (Message<T> message : batch) {
                output.frame(message.opcode(), message.bytes(), message.offset(), message.length());
            }
            output.flush();
            return true;
        } catch (IOException e) {
            end(null);
            moreWaits();
            failed.accept(e);
            return false;
        }
    }

    /** Waits until all is written; false when that took too long, or some of it was not. */
    boolean awaitWritten(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (writing && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !writing && queue.isEmpty() && halfSent.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** After the end: what was never written, in order. */
    List<T> unsent() {
        lock.lock();
        try {
            List<T> origins = origins(queue);
            queue.clear();
            return origins;
        } finally {
            lock.unlock();
        }
    }

    /** What was being written at the end, none, some or all of it. */
    List<T> halfSent() {
        lock.lock();
        try {
            return halfSent;
        } finally {
            lock.unlock();
        }
    }

    private static <T> List<T> origins(Collection<Message<T>> messages) {
        List<T> origins = new ArrayList<>();
        for (Message<T> message : messages) {
            if (message.origin() != null) {
                origins.add(message.origin());
            }
        }
        return origins;
    }
}
