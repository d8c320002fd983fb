package io.iiikafka.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/** Everything that was started, closed in the opposite order. */
final class Started implements AutoCloseable {

    private final Deque<AutoCloseable> stack = new ArrayDeque<>();

    <T extends AutoCloseable> T push(T started) {
        stack.push(started);
        return started;
    }

    @Override
    public void close() {
        while (!stack.isEmpty()) {
            try {
                stack.pop().close();
            } catch (Exception e) {
                Results.say("did not close: " + e);
            }
        }
    }
}
