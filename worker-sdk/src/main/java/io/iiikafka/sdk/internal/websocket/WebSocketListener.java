package io.iiikafka.sdk.internal.websocket;

/** Hears what comes, one thing after another, on the socket's reading thread; while it waits, nothing is read. */
public interface WebSocketListener {

    /** A whole message of valid UTF-8; the array is the listener's own. */
    void text(byte[] utf8);

    /** A whole message; the array is the listener's own. */
    void binary(byte[] bytes);

    /** The last that is heard, and heard always. */
    void ended(Ending ending);
}
