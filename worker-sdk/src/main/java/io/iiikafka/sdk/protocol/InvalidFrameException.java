package io.iiikafka.sdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A message that is not a frame: bad JSON, unknown {@code type}, a required field missing or of the wrong type. A
 * peer's mistake, so it carries no stack trace. When the message was readable enough to tell that it was a call,
 * {@link #invocationId()} lets the receiver answer {@code invalid_frame} instead of leaving the caller to time out.
 */
public final class InvalidFrameException extends Exception {

    private final @Nullable String type;
    private final @Nullable String invocationId;
    private final @Nullable String functionId;

    public InvalidFrameException(
            String message, @Nullable String type, @Nullable String invocationId, @Nullable String functionId) {
        super(message, null, false, false);
        this.type = type;
        this.invocationId = invocationId;
        this.functionId = functionId;
    }

    public @Nullable String type() {
        return type;
    }

    public @Nullable String invocationId() {
        return invocationId;
    }

    public @Nullable String functionId() {
        return functionId;
    }
}
