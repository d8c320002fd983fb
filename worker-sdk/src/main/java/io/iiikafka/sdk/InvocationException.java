package io.iiikafka.sdk;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.ErrorBody;

/**
 * A call that failed, with the code that programs compare. Thrown by a handler it gives that code and message to the
 * caller.
 */
public final class InvocationException extends RuntimeException {

    /** This worker stopped waiting. The call may still run. */
    public static final String TIMEOUT = "TIMEOUT";

    /** This worker was closed. */
    public static final String SHUTDOWN = "SHUTDOWN";

    /** The call was not sent, since too many wait for a connection: try again later. */
    public static final String NOT_SENT = "NOT_SENT";

    /** The connection broke while the call was being written: it may or may not have been received. */
    public static final String CONNECTION_LOST = "CONNECTION_LOST";

    /** The calling thread was interrupted while it waited. */
    public static final String INTERRUPTED = "INTERRUPTED";

    private final String code;
    private final @Nullable String functionId;
    private final @Nullable String remoteStacktrace;

    public InvocationException(String code, String message) {
        this(new ErrorBody(code, message), null);
    }

    /** A failure as it came over the wire, of a call of the named function. */
    public InvocationException(ErrorBody error, @Nullable String functionId) {
        super(error.message());
        this.code = error.code();
        this.functionId = functionId;
        this.remoteStacktrace = error.stacktrace();
    }

    public String code() {
        return code;
    }

    /** The function that was called, when known. */
    public @Nullable String functionId() {
        return functionId;
    }

    /** Where the handler failed, in the language that it is written in. */
    public @Nullable String remoteStacktrace() {
        return remoteStacktrace;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message alone is what the other side said
    public String toString() {
        String target = functionId == null ? "" : " (" + functionId + ")";
        return "InvocationException: " + code + ": " + getMessage() + target;
    }
}
