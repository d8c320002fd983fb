package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;

/** The other side did what RFC 6455 forbids, or sent more than is taken; the code tells it so in a close frame. */
final class ProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int closeCode;

    ProtocolException(int closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    int closeCode() {
        return closeCode;
    }
}
