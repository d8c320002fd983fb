package io.iiikafka.gateway.invocation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads records in batches. What it has for an event loop is handed over when the batch is through, so that
 * the loop wakes up once per batch, not once per record, and writes to each socket in one go.
 */
public final class ReaderThread extends Thread {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderThread.class);

    /** So that the first of a long batch need not wait for its last. */
    private static final int MOST_AT_ONCE = 256;

    private final Map<Executor, List<Runnable>> batches = new IdentityHashMap<>();

    ReaderThread(String name, Runnable reading) {
        super(reading, name);
    }

    /** Runs a task on an event loop: at the end of the batch when a reader thread asks, else as soon as it can. */
    public static void execute(Executor eventLoop, Runnable task) {
        if (Thread.currentThread() instanceof ReaderThread reader) {
            reader.collect(eventLoop, task);
        } else {
            eventLoop.execute(task);
        }
    }

    private void collect(Executor eventLoop, Runnable task) {
        List<Runnable> batch = batches.computeIfAbsent(eventLoop, key -> new ArrayList<>());
        batch.add(task);
        if (batch.size() >= MOST_AT_ONCE) {
            batches.remove(eventLoop);
            handOver(eventLoop, batch);
        }
    }

    /** To be called by this thread after each batch of records. */
    void batchDone() {
        batches.forEach(ReaderThread::handOver);
        batches.clear();
    }

    private static void handOver(Executor eventLoop, List<Runnable> batch) {
        if (batch.size() == 1) {
            eventLoop.execute(batch.getFirst());
        } else {
            eventLoop.execute(() -> batch.forEach(ReaderThread::run));
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("A task of an event loop failed", e);
        }
    }
}
