package io.iiikafka.gateway.stream;

import java.nio.ByteBuffer;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** A text and the WebSocket frame that carries it, which is the same for every client and so made once (RFC 6455 5.2). */
final class TextFrame {

    private static final byte WHOLE_TEXT = (byte) 0x81;
    private static final int TWO_BYTES_FOLLOW = 126;
    private static final int EIGHT_BYTES_FOLLOW = 127;
    private static final int LONGEST_HEAD = 10;

    private final RawJson text;
    /** Made when it is needed first; should two event loops do so at once, either is right. Volatile: with all its bytes. */
    private volatile byte @Nullable [] frame;

    TextFrame(RawJson text) {
        this.text = text;
    }

    RawJson text() {
        return text;
    }

    int length() {
        return text.length();
    }

    /** Not to be changed. */
    byte[] frame() {
        byte[] made = frame;
        if (made == null) {
            made = encode();
            frame = made;
        }
        return made;
    }

    private byte[] encode() {
        int length = text.length();
        ByteBuffer head = ByteBuffer.allocate(LONGEST_HEAD).put(WHOLE_TEXT);
        if (length < TWO_BYTES_FOLLOW) {
            head.put((byte) length);
        } else if (length <= 0xffff) {
            head.put((byte) TWO_BYTES_FOLLOW).putShort((short) length);
        } else {
            head.put((byte) EIGHT_BYTES_FOLLOW).putLong(length);
        }
        byte[] encoded = new byte[head.position() + length];
        head.flip().get(encoded, 0, head.limit());
        text.copyTo(encoded, head.limit());
        return encoded;
    }
}
