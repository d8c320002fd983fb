package io.iiikafka.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Why the engine cannot start, in one line for the person who started it: what is wrong, where, and the remedy. It is
 * shown without a stack trace.
 */
public class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StartupException(String message) {
        this(message, null);
    }

    public StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
