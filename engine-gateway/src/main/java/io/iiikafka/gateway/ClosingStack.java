package io.iiikafka.gateway;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, closed in the opposite order; one that fails to close does not keep the others open. Closed
 * while something still starts, it closes that too, and tells.
 */
final class ClosingStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClosingStack.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private boolean closed;

    /** @throws StartupException when all has been closed meanwhile */
    synchronized <T extends AutoCloseable> T push(T part) {
        started.push(part);
        if (closed) {
            close();
            throw new StartupException("stopped while starting");
        }
        return part;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the engine did not close cleanly: {}", e.toString());
                LOG.debug("Where", e);
            }
        }
    }
}
