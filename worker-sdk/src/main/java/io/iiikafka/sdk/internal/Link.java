package io.iiikafka.sdk.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.internal.websocket.Sending;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;

/**
 * The worker's way to the engine, whether connected or not. While there is no connection, calls and results wait in
 * a bounded queue; a new connection first gets the registrations, then that queue, and only then new frames.
 *
 * <p>For any thread but the one that reads, as {@link Connection#send}.
 */
final class Link {

    private final int maxQueued;
    private final Predicate<Frame> stillWanted;
    private final BiConsumer<Frame.InvokeFunction, ErrorBody> lost;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Frame> waiting = new ArrayDeque<>();

    /** Registrations taken back while there was no connection, lest the engine keeps them from the last one. */
    private final List<Frame> takenBack = new ArrayList<>();

    /** Only used by the supervisor's thread. */
    private final HalfSent halfSent = new HalfSent();

    private volatile @Nullable Connection attached;
    private volatile boolean ended;

    /**
     * @param stillWanted asked before a frame that waited is sent
     * @param lost told of a call that was being written when the connection broke, and what to make of it
     */
    Link(int maxQueued, Predicate<Frame> stillWanted, BiConsumer<Frame.InvokeFunction, ErrorBody> lost) {
        this.maxQueued = maxQueued;
        this.stillWanted = stillWanted;
        this.lost = lost;
    }

    boolean isAttached() {
        return attached != null && !ended;
    }

    /** Sends a result, now or when connected again; false when too many frames wait already. */
    boolean send(Frame frame) {
        return send(frame, Long.MAX_VALUE) == Sending.ACCEPTED;
    }

    /**
     * Sends a call, now or when connected again.
     *
     * @param patience how many nanoseconds to wait at most for an engine that does not read
     * @return {@code OVER} when this is closed or too many frames wait already
     */
    Sending send(Frame frame, long patience) {
        if (ended) {
            return Sending.OVER;
        }
        long deadline = System.nanoTime() + patience;
        Connection connection = attached;
        Sending sending = connection == null ? Sending.OVER : connection.send(frame, patience);
        if (sending != Sending.OVER) {
            return sending;
        }
        if (!lockBefore(deadline)) {
            return Sending.FULL;
        }
        try {
            connection = attached;
            sending = connection == null ? Sending.OVER : connection.send(frame, deadline - System.nanoTime());
            if (sending != Sending.OVER || ended || waiting.size() >= maxQueued) {
                return sending;
            }
            waiting.add(frame);
            return Sending.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /** False if others held the lock for so long: they wait for an engine that does not read. */
    private boolean lockBefore(long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What to tell the caller when nothing was sent. */
    ErrorBody whyNotSent(Sending sending) {
        if (sending == Sending.FULL) {
            return new ErrorBody(InvocationException.NOT_SENT, "the engine does not read: try again later");
        }
        return ended
                ? new ErrorBody(InvocationException.SHUTDOWN, "the worker is closed")
                : new ErrorBody(
                        InvocationException.NOT_SENT,
                        "not connected, and " + maxQueued + " frames wait already: try again later");
    }

    /** Makes a change to the registrations and tells the engine, if there is one: a later connection replays it. */
    void register(Runnable change, Frame frame) {
        lock.lock();
        try {
            if (ended) {
                throw new IllegalStateException("the worker is closed");
            }
            change.run();
            Connection connection = attached;
            if (connection != null) {
                connection.send(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a registration back, if the change says that it was there. */
    void unregister(Predicate<Frame> change, Frame frame) {
        lock.lock();
        try {
            Connection connection = attached;
            if (change.test(frame) && (connection == null || !connection.send(frame))) {
                takenBack.add(frame);
            }
        } finally {
            lock.unlock();
        }
    }

    void attach(Connection connection, List<Frame> greeting, Registrations registrations) {
        lock.lock();
        try {
            greeting.forEach(connection::send);
            takenBack.forEach(connection::send);
            takenBack.clear();
            registrations.replay().forEach(connection::send);
            while (!waiting.isEmpty()) {
                Frame frame = waiting.peek();
                if (stillWanted.test(frame) && !connection.send(frame)) {
                    break;
                }
                waiting.remove();
            }
            attached = connection;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** After the connection's end: keeps what it had not sent for the next one. */
    void detach(Connection connection) {
        List<Frame> perhaps = halfSent.after(connection);
        lock.lock();
        try {
            attached = null;
            for (Frame frame : connection.unsent().reversed()) {
                keep(frame, frame instanceof Frame.InvokeFunction);
            }
            for (Frame frame : perhaps.reversed()) {
                keep(frame, false); // a call must not run twice
            }
        } finally {
            lock.unlock();
        }
        for (Frame frame : perhaps) {
            if (frame instanceof Frame.InvokeFunction call) {
                lost.accept(call, halfSent.verdict(call));
            }
        }
    }

    private void keep(Frame frame, boolean call) {
        switch (frame) {
            case Frame.InvokeFunction f when call -> waiting.addFirst(f);
            case Frame.InvocationResult result -> waiting.addFirst(result);
            case Frame.UnregisterFunction f -> takenBack.addFirst(f);
            case Frame.UnregisterTrigger f -> takenBack.addFirst(f);
            case Frame.UnregisterTriggerType f -> takenBack.addFirst(f);
            default -> { } // replayed, or of no use to another connection
        }
    }

    /**
     * Tells the engine that no more calls are wanted; what is here can still be called meanwhile.
     *
     * @param patience how many nanoseconds to wait at most for an engine that does not read
     * @return false if it read nothing for that long
     */
    boolean takeBack(Registrations registrations, long patience) {
        long deadline = System.nanoTime() + patience;
        if (!lockBefore(deadline)) {
            return false;
        }
        try {
            Connection connection = attached;
            if (connection != null) {
                for (Frame frame : registrations.farewell()) {
                    if (connection.send(frame, deadline - System.nanoTime()) == Sending.FULL) {
                        return false;
                    }
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is sent any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** False when that took too long or there will be no connection any more. */
    boolean awaitAttached(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        lock.lock();
        try {
            while (attached == null && !ended) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return attached != null && !ended;
        } finally {
            lock.unlock();
        }
    }

    void closeConnection(Duration patience) throws InterruptedException {
        Connection connection = attached;
        if (connection != null) {
            connection.close(patience);
        }
    }
}
