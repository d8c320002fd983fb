package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.util.Arrays;

/** Puts one message together. Grows with what has come, not with what was announced. */
final class MessageBuffer {

    private static final byte[] NONE = {};

    /** Announced lengths are believed up to here. */
    private static final int TRUSTED = 1024 * 1024;

    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private byte[] bytes = NONE;
    private int length;

    int length() {
        return length;
    }

    /** @param last whether the message ends with this */
    void append(InputBuffer input, int count, boolean last) throws IOException {
        int end = Math.addExact(length, count);
        while (length < end) {
            if (length == bytes.length) {
                long doubled = Math.max(Math.min(end, TRUSTED), 2L * length);
                bytes = Arrays.copyOf(bytes, (int) Math.min(last ? end : MAX_ARRAY, doubled));
            }
            int part = Math.min(end, bytes.length) - length;
            input.read(bytes, length, part);
            length += part;
        }
    }

    /** The message, as an array of its own; the next one begins. */
    byte[] take() {
        byte[] message = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        bytes = NONE;
        length = 0;
        return message;
    }
}
