package io.iiikafka.sdk;

import java.io.IOException;
import java.io.OutputStream;

/** The writing end of a channel. Waits while the other side is slow. For one thread at a time. */
public interface ChannelWriter extends AutoCloseable {

    /** Sends a message of its own. */
    void send(String message) throws IOException;

    /** Sends bytes of the stream, cut into frames of 64 KiB. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** The same as a stream; closing it closes this writer. Unbuffered: each write is a frame. */
    OutputStream bytes();

    /** Ends the stream: the reader sees its end once it has read all. */
    @Override
    void close();
}
