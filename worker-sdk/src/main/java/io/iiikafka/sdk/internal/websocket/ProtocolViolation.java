package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;

/** The other side does not speak WebSocket as RFC 6455 has it, or sends more than is taken. */
public final class ProtocolViolation extends IOException {

    private static final long serialVersionUID = 1;

    private final int closeCode;

    ProtocolViolation(int closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    /** To tell the other side: 1002 or 1009. */
    public int closeCode() {
        return closeCode;
    }
}
