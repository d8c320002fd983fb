package io.iiikafka.sdk.internal.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The mask of what a client sends (RFC 6455, section 5.3). */
final class Masking {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Masking() {}

    /** Copies, masked. A payload may be copied in parts when all but the last are multiples of 4 bytes. */
    static void copy(byte[] source, int from, byte[] target, int to, int count, int key) {
        long keys = (long) key << 32 | key & 0xFFFF_FFFFL;
        int i = 0;
        for (; i <= count - Long.BYTES; i += Long.BYTES) {
            LONGS.set(target, to + i, (long) LONGS.get(source, from + i) ^ keys);
        }
        for (int shift = 56; i < count; i++, shift -= 8) {
            target[to + i] = (byte) (source[from + i] ^ keys >>> shift);
        }
    }
}
