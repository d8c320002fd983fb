package io.iiikafka.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The reading end of a channel: messages and stream bytes in the order in which they were written. What is not read
 * is not fetched, so a slow reader slows the writer down. For one thread at a time.
 */
public interface ChannelReader extends AutoCloseable {

    /** Waits for the next piece; null at the end. */
    @Nullable Piece receive() throws IOException;

    /** The bytes as one stream; messages that come between them go to the consumer. */
    InputStream bytes(Consumer<String> messages);

    /** The bytes as one stream, messages dropped. */
    default InputStream bytes() {
        return bytes(message -> {});
    }

    @Override
    void close();

    /** One WebSocket message of the writer. */
    sealed interface Piece {

        /** A message. */
        record Message(String text) implements Piece {}

        /** A part of the byte stream, cut anywhere. */
        record Bytes(byte[] bytes) implements Piece {}
    }
}
