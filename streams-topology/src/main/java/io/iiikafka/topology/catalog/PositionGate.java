package io.iiikafka.topology.catalog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far the topic has been applied, and a place to wait for more. */
final class PositionGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long position;
    private volatile int waiting;

    long position() {
        return position;
    }

    void advance(long to) {
        position = to;
        if (waiting > 0) {
            lock.lock();
            try {
                advanced.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    boolean await(long wanted, long timeoutMs) throws InterruptedException {
        if (position >= wanted) {
            return true;
        }
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        lock.lock();
        waiting++;
        try {
            while (position < wanted) {
                if (left <= 0) {
                    return false;
                }
                left = advanced.awaitNanos(left);
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }
}
