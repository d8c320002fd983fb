package io.iiikafka.sdk.internal.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a socket, read ahead. For one thread. */
final class Source {

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;

    Source(InputStream in) {
        this.in = in;
    }

    /** Whether the next byte may have to be waited for. */
    boolean isDrained() {
        return position == limit;
    }

    /** The next byte, from 0 to 255. */
    int next() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++] & 0xFF;
    }

    byte[] next(int length) throws IOException {
        byte[] bytes = new byte[length];
        next(bytes, 0, length);
        return bytes;
    }

    void next(byte[] target, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            if (position == limit) {
                fill();
            }
            int count = Math.min(end - from, limit - position);
            System.arraycopy(buffer, position, target, from, count);
            position += count;
            from += count;
        }
    }

    /** A line without its end, of at most {@code longest} characters. */
    String line(int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = next(); octet != '\n'; octet = next()) {
            if (line.length() == longest) {
                throw new IOException("the answer's head is too long");
            }
            line.append((char) octet);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    private void fill() throws IOException {
        int count = in.read(buffer);
        if (count < 0) {
            throw new EOFException("the connection was cut");
        }
        position = 0;
        limit = count;
    }
}
