package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Masks frames into one buffer, which goes out when it is flushed or full. For one thread at a time. */
final class FrameOutput {

    private static final int INITIAL_SIZE = 4 * 1024;
    private static final int MAX_SIZE = 128 * 1024;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MAX_HEADER = 14;

    private final OutputStream out;
    private final MaskKeys keys;
    private byte[] buffer = new byte[INITIAL_SIZE];
    private int length;

    FrameOutput(OutputStream out, MaskKeys keys) {
        this.out = out;
        this.keys = keys;
    }

    /** Adds an unfragmented frame. */
    void frame(int opcode, byte[] payload, int offset, int count) throws IOException {
        makeRoom((long) MAX_HEADER + count);
        if (buffer.length - length < MAX_HEADER) {
            flush();
        }
        header(opcode, count);
        int key = keys.next();
        for (int shift = 24; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (key >>> shift);
        }
        int done = 0;
        while (done < count) {
            int room = buffer.length - length;
            // All parts but the last are multiples of the key's length.
            int part = count - done <= room ? count - done : room & -Integer.BYTES;
            Masking.copy(payload, offset + done, buffer, length, part, key);
            length += part;
            done += part;
            if (done < count) {
                flush();
            }
        }
    }

    private void header(int opcode, int count) {
        buffer[length++] = (byte) (FINAL | opcode);
        if (count < TWO_BYTES) {
            buffer[length++] = (byte) (MASKED | count);
        } else if (count <= 0xFFFF) {
            buffer[length++] = (byte) (MASKED | TWO_BYTES);
            buffer[length++] = (byte) (count >> 8);
            buffer[length++] = (byte) count;
        } else {
            buffer[length++] = (byte) (MASKED | EIGHT_BYTES);
            for (int shift = 56; shift >= 0; shift -= 8) {
                buffer[length++] = (byte) ((long) count >>> shift);
            }
        }
    }

    private void makeRoom(long wanted) {
        int needed = (int) Math.min(MAX_SIZE, length + wanted);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, Math.min(MAX_SIZE, 2 * buffer.length)));
        }
    }

    /** Writes what is in the buffer, in one call. */
    void flush() throws IOException {
        if (length > 0) {
            int count = length;
            length = 0;
            out.write(buffer, 0, count);
        }
    }
}
