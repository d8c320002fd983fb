package io.iiikafka.sdk.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
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
    private final Consumer<Frame> perhapsSent;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Frame> waiting = new ArrayDeque<>();

    /** Registrations taken back while there was no connection, lest the engine keeps them from the last one. */
    private final List<Frame> takenBack = new ArrayList<>();

    private volatile @Nullable Connection attached;
    private volatile boolean ended;

    /**
     * @param stillWanted asked before a frame that waited is sent
     * @param perhapsSent told of a frame that was being written when the connection broke
     */
    Link(int maxQueued, Predicate<Frame> stillWanted, Consumer<Frame> perhapsSent) {
        this.maxQueued = maxQueued;
        this.stillWanted = stillWanted;
        this.perhapsSent = perhapsSent;
    }

    boolean isAttached() {
        return attached != null;
    }

    /** Sends a call or a result, now or when connected again; false when too many wait already. */
    boolean send(Frame frame) {
        if (ended) {
            return false;
        }
        Connection connection = attached;
        if (connection != null && connection.send(frame)) {
            return true;
        }
        lock.lock();
        try {
            connection = attached;
            if (connection != null && connection.send(frame)) {
                return true;
            }
            if (ended || waiting.size() >= maxQueued) {
                return false;
            }
            waiting.add(frame);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What to tell the caller when {@link #send} said false. */
    ErrorBody whyNotSent() {
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
        List<Frame> perhaps = connection.perhapsSent();
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
        perhaps.forEach(perhapsSent);
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

    /** Tells the engine that no more calls are wanted; what is here can still be called meanwhile. */
    void takeBack(Registrations registrations) {
        lock.lock();
        try {
            Connection connection = attached;
            if (connection != null) {
                registrations.farewell().forEach(connection::send);
            }
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
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (attached == null && !ended) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return attached != null;
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
