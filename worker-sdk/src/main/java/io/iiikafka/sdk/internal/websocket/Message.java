package io.iiikafka.sdk.internal.websocket;

import org.jspecify.annotations.Nullable;

/**
 * A frame that waits to be written; the bytes must not change until then.
 *
 * @param origin what it stands for to whoever sends it; null for control frames
 */
record Message<T>(@Nullable T origin, int opcode, byte[] bytes, int offset, int length) {

    static <T> Message<T> control(int opcode, byte[] payload) {
        return new Message<>(null, opcode, payload, 0, payload.length);
    }
}
