package io.iiikafka.gateway.socket;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** Puts the fragments of WebSocket messages together, up to a size. */
final class MessageAssembler {

    /** A message that exceeds the limit. */
    static final class TooLarge extends Exception {
        TooLarge(long size, int limit) {
            super("message of more than " + size + " bytes, the limit is " + limit, null, false, false);
        }
    }

    private final int limit;
    private @Nullable Buffer fragments;

    MessageAssembler(int limit) {
        this.limit = limit;
    }

    /** The message that this frame completes, or null when more must come. */
    byte @Nullable [] add(WebSocketFrame frame) throws TooLarge {
        Buffer data = frame.binaryData();
        long size = data.length() + (fragments == null ? 0L : fragments.length());
        if (size > limit) {
            fragments = null;
            throw new TooLarge(size, limit);
        }
        if (fragments == null && frame.isFinal()) {
            return data.getBytes();
        }
        fragments = fragments == null ? Buffer.buffer().appendBuffer(data) : fragments.appendBuffer(data);
        if (!frame.isFinal()) {
            return null;
        }
        byte[] message = fragments.getBytes();
        fragments = null;
        return message;
    }
}
