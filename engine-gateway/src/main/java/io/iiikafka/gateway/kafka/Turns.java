package io.iiikafka.gateway.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;

/** Runs tasks of one key one after the other, in the order in which they came, and those of other keys beside them. */
final class Turns implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What waits behind the task that runs; a key without a running task is not there. */
    private final Map<String, Deque<Runnable>> waiting = new HashMap<>();

    /**
     * Any thread.
     *
     * @param task may block; must not throw
     * @throws java.util.concurrent.RejectedExecutionException when this is closed
     */
    void run(String key, Runnable task) {
        synchronized (waiting) {
            Deque<Runnable> others = waiting.get(key);
            if (others == null) {
                threads.execute(() -> runAll(key, task));
                waiting.put(key, new ArrayDeque<>());
            } else {
                others.add(task);
            }
        }
    }

    private void runAll(String key, Runnable first) {
        for (Runnable task = first; task != null; task = next(key)) {
            task.run();
        }
    }

    private @Nullable Runnable next(String key) {
        synchronized (waiting) {
            Deque<Runnable> others = waiting.get(key);
            Runnable task = others == null ? null : others.poll();
            if (task == null) {
                waiting.remove(key);
            }
            return task;
        }
    }

    /** No task begins a turn any more; those that wait still run. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
