package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;

/** What comes over a socket. Told on the reading thread, which must not be held up. Binary messages are not told of. */
public interface SocketEvents {

    /** A whole text message; the array is the receiver's. Its encoding has not been checked. */
    void text(byte[] utf8);

    void ping(byte[] payload);

    void pong();

    /** All that has arrived was told of: a good moment to write what that led to. */
    void drained() throws IOException;

    /** The other side's close frame; nothing comes after it. */
    void closed(int code, String reason);
}
