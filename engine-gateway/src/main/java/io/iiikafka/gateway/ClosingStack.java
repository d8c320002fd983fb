package io.iiikafka.gateway;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, closed in the opposite order; one that fails to close does not keep the others open. When no more
 * is wanted, what is starting at that moment is the last.
 */
final class ClosingStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClosingStack.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private boolean ending;

    /** @throws StartupException when no more is wanted: it is to be closed with the others */
    synchronized <T extends AutoCloseable> T push(T part) {
        started.push(part);
        requireWanted();
        return part;
    }

    /** @throws StartupException when no more is wanted */
    synchronized void requireWanted() {
        if (ending) {
            throw new StartupException("stopped while starting");
        }
    }

    /** No more is wanted. */
    synchronized void end() {
        ending = true;
    }

    @Override
    public synchronized void close() {
        ending = true;
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
