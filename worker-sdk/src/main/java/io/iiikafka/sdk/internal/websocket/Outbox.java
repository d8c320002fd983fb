package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, in a bounded queue. One thread writes at a time, and each write takes all that waits.
 *
 * <p>Threads: a platform thread that finds nobody writing writes once, its own message with it, which saves a change
 * of threads; a virtual thread made for it writes what came meanwhile. Such a thread also writes all that virtual
 * threads send: an interrupt of a virtual thread that writes would close the socket for everybody, and until its turn
 * comes others add theirs. Control frames get a platform thread, which gets its turn even while handlers that compute
 * leave other virtual threads waiting.
 *
 * @param <T> what a message stands for, told when it was not sent
 */
final class Outbox<T> {

    private static final int MAX_QUEUED_MESSAGES = 4 * 1024;
    private static final long MAX_QUEUED_BYTES = 4 * 1024 * 1024;
    private static final int BATCH_BYTES = 64 * 1024;

    private final FrameOutput output;
    private final Executor background;
    private final Executor control;
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

    /** Whether some thread takes and writes; no other may. */
    private boolean writing;

    /** Whether the background has been asked to, and has not begun yet. */
    private boolean scheduled;

    /** Whether something was put without anybody being told to write it. */
    private boolean held;

    /** What is being written; changed under the lock, by whoever writes. */
    private final List<Message<T>> batch = new ArrayList<>();

    private List<T> halfSent = List.of();

    /**
     * @param background writes what senders leave to it
     * @param control writes control frames that come when nobody writes
     * @param failed told, after the end, of the write that failed
     */
    Outbox(FrameOutput output, Executor background, Executor control, Consumer<IOException> failed) {
        this.output = output;
        this.background = background;
        this.control = control;
        this.failed = failed;
    }

    /** Waits while too much is queued; false when this is closing or over, in which case nothing is sent. */
    boolean put(Message<T> message) {
        return put(message, Long.MAX_VALUE) == Sending.ACCEPTED;
    }

    /** Waits while too much is queued, for this many nanoseconds at most, and whether or not it is interrupted. */
    Sending put(Message<T> message, long patience) {
        boolean leaveIt = Thread.currentThread().isVirtual();
        lock.lock();
        try {
            if (crowded() && !awaitRoom(patience)) {
                return Sending.FULL;
            }
            if (!open()) {
                return Sending.OVER;
            }
            queue.add(message);
            queuedBytes += message.length();
            if (writing || leaveIt && scheduled) {
                return Sending.ACCEPTED;
            }
            if (leaveIt) {
                scheduled = true;
            } else {
                takeMore();
            }
        } finally {
            lock.unlock();
        }
        if (leaveIt || write() && handOver()) {
            background.execute(this::writeScheduled);
        }
        return Sending.ACCEPTED;
    }

    private boolean crowded() {
        return open() && (queue.size() >= MAX_QUEUED_MESSAGES || queuedBytes >= MAX_QUEUED_BYTES);
    }

    /** False if there is none in time. */
    private boolean awaitRoom(long patience) {
        long deadline = System.nanoTime() + patience;
        boolean interrupted = false;
        for (long left = patience; crowded() && left > 0; left = deadline - System.nanoTime()) {
            try {
                changed.awaitNanos(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !crowded();
    }

    /**
     * As {@link #put(Message)}, but never waits, and is written after {@link #release()} at the latest: for the thread
     * that reads, so that all that it sends while it hands over what has arrived leaves in one write.
     */
    boolean hold(Message<T> message) {
        lock.lock();
        try {
            if (!open()) {
                return false;
            }
            queue.add(message);
            queuedBytes += message.length();
            held = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has the background write what was held: the thread that reads must not wait until the other side does. */
    void release() {
        lock.lock();
        try {
            if (!held || writing || scheduled || nothingWaits()) {
                return;
            }
            scheduled = true;
        } finally {
            lock.unlock();
        }
        background.execute(this::writeScheduled);
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
        writeSoon();
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
        writeSoon();
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
        writeSoon();
    }

    private boolean open() {
        return !over && farewell == null;
    }

    private void writeSoon() {
        lock.lock();
        try {
            if (writing || nothingWaits()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        control.execute(this::writeAll);
    }

    private void writeScheduled() {
        lock.lock();
        try {
            scheduled = false;
        } finally {
            lock.unlock();
        }
        writeAll();
    }

    private void writeAll() {
        if (begin()) {
            while (write() && takeMore()) {
                // and so on, as long as there is more
            }
        }
    }

    /** False when somebody writes already. */
    private boolean begin() {
        lock.lock();
        try {
            return !writing && takeMore();
        } finally {
            lock.unlock();
        }
    }

    /** Called by who writes, or begins to; false when there is nothing to write, and it writes no longer. */
    private boolean takeMore() {
        lock.lock();
        try {
            batch.clear();
            writing = !nothingWaits();
            if (writing) {
                take();
            }
            changed.signalAll();
            return writing;
        } finally {
            lock.unlock();
        }
    }

    /** The end of this thread's writing; true when the background is to go on. */
    private boolean handOver() {
        lock.lock();
        try {
            batch.clear();
            writing = false;
            changed.signalAll();
            boolean more = !nothingWaits() && !scheduled;
            scheduled |= more;
            return more;
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
        held &= !queue.isEmpty();
        if (queue.isEmpty() && farewell != null && !closeTaken) {
            batch.add(Message.control(Opcode.CLOSE, farewell.toBytes()));
            closeTaken = true;
        }
    }

    private boolean write() {
        try {
            for (Message<T> message : batch) {
                output.frame(message.opcode(), message.bytes(), message.offset(), message.length());
            }
            output.flush();
            return true;
        } catch (IOException e) {
            giveUp();
            failed.accept(e);
            return false;
        }
    }

    private void giveUp() {
        lock.lock();
        try {
            end(null);
            urgent.clear();
            batch.clear();
            writing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all is written; false when that took too long, or some of it was not. */
    boolean awaitWritten(Duration patience) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(patience);
        lock.lock();
        try {
            while ((writing || !nothingWaits()) && left > 0) {
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
