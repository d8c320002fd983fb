package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;

/** The other side answered, but did not open a WebSocket. */
public final class HandshakeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    HandshakeException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status of the answer; 101 when it agreed but wrongly; 0 when the answer was not HTTP. */
    public int status() {
        return status;
    }
}
