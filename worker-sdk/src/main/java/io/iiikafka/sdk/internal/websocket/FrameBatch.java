package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/** Frames of a client, masked, on their way to be written in one go. For one thread at a time. */
final class FrameBatch {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int LONGEST_HEADER = 14;
    private static final int SMALL = 64 * 1024;
    private static final int MASK_BYTES = 4;

    private final SecureRandom random = new SecureRandom();
    private final byte[] masks = new byte[1024];
    private int nextMask = masks.length;
    private byte[] bytes = new byte[SMALL];
    private int size;

    int size() {
        return size;
    }

    void add(int opcode, byte[] payload) {
        makeRoom(LONGEST_HEADER + payload.length);
        bytes[size++] = (byte) (0x80 | opcode);
        addLength(payload.length);
        int mask = mask();
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (mask >>> shift);
        }
        addMasked(payload, mask);
    }

    private void makeRoom(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private void addLength(int length) {
        if (length < 126) {
            bytes[size++] = (byte) (0x80 | length);
        } else if (length < 65_536) {
            bytes[size++] = (byte) (0x80 | 126);
            bytes[size++] = (byte) (length >>> 8);
            bytes[size++] = (byte) length;
        } else {
            bytes[size++] = (byte) (0x80 | 127);
            LONGS.set(bytes, size, (long) length);
            size += Long.BYTES;
        }
    }

    private int mask() {
        if (nextMask == masks.length) {
            random.nextBytes(masks);
            nextMask = 0;
        }
        int mask = 0;
        for (int i = 0; i < MASK_BYTES; i++) {
            mask = mask << 8 | masks[nextMask++] & 0xFF;
        }
        return mask;
    }

    private void addMasked(byte[] payload, int mask) {
        long wide = (long) mask << 32 | mask & 0xFFFF_FFFFL;
        int i = 0;
        for (; i <= payload.length - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, size + i, (long) LONGS.get(payload, i) ^ wide);
        }
        for (; i < payload.length; i++) {
            bytes[size + i] = (byte) (payload[i] ^ mask >>> 24 - 8 * (i % MASK_BYTES));
        }
        size += payload.length;
    }

    /** Writes everything and is empty then, whether that succeeds or not. */
    void writeTo(OutputStream out) throws IOException {
        int count = size;
        size = 0;
        byte[] written = bytes;
        if (bytes.length > 16 * SMALL) {
            bytes = new byte[SMALL]; // a large message need not be remembered
        }
        out.write(written, 0, count);
    }
}
