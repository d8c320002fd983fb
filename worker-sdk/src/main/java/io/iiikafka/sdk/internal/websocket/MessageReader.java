package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Reads messages from a server's frames (RFC 6455, section 5), whole, whatever pieces they come in. For one thread. */
final class MessageReader {

    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;
    private static final int LONGEST_CONTROL = 125;

    /** No code was given (RFC 6455, section 7.1.5). */
    private static final int NO_CODE = 1005;

    private final Source source;
    private final int maxMessageBytes;
    private final SocketEvents events;
    private byte @Nullable [] partial;
    private boolean partialIsText;

    MessageReader(Source source, int maxMessageBytes, SocketEvents events) {
        this.source = source;
        this.maxMessageBytes = maxMessageBytes;
        this.events = events;
    }

    /** Returns after the server's close frame, which the events were told of. */
    void readAll() throws IOException {
        while (readFrame()) {
            // each frame is told of as it comes
        }
    }

    private boolean readFrame() throws IOException {
        if (source.isDrained()) {
            events.drained();
        }
        int first = source.next();
        int second = source.next();
        if ((first & 0x70) != 0 || (second & 0x80) != 0) {
            throw violation("a frame with reserved bits or a mask");
        }
        boolean last = (first & 0x80) != 0;
        int opcode = first & 0x0F;
        long length = length(second);
        if (opcode >= Opcode.CLOSE) {
            if (!last || length > LONGEST_CONTROL) {
                throw violation("a control frame in pieces");
            }
            return control(opcode, source.next((int) length));
        }
        data(opcode, last, length);
        return true;
    }

    private long length(int second) throws IOException {
        int shortLength = second & 0x7F;
        if (shortLength < 126) {
            return shortLength;
        }
        long length = 0;
        for (int i = shortLength == 126 ? 2 : 8; i > 0; i--) {
            length = length << 8 | source.next();
        }
        if (length < 0) {
            throw violation("a frame of negative length");
        }
        return length;
    }

    private boolean control(int opcode, byte[] payload) throws IOException {
        switch (opcode) {
            case Opcode.PING -> events.ping(payload);
            case Opcode.PONG -> events.pong();
            case Opcode.CLOSE -> {
                boolean coded = payload.length >= 2;
                int code = coded ? (payload[0] & 0xFF) << 8 | payload[1] & 0xFF : NO_CODE;
                events.closed(
                        code, coded ? new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8) : "");
                return false;
            }
            default -> throw violation("a frame of unknown type " + opcode);
        }
        return true;
    }

    private void data(int opcode, boolean last, long length) throws IOException {
        byte[] before = partial;
        if (opcode > Opcode.BINARY || (opcode == Opcode.CONTINUATION) != (before != null)) {
            throw violation("a frame of type " + opcode + " out of place");
        }
        int have = before == null ? 0 : before.length;
        if (length > maxMessageBytes - have) {
            throw new ProtocolViolation(TOO_BIG, "a message of more than " + maxMessageBytes + " bytes");
        }
        byte[] message = before == null ? new byte[(int) length] : Arrays.copyOf(before, have + (int) length);
        source.next(message, have, (int) length);
        boolean text = before == null ? opcode == Opcode.TEXT : partialIsText;
        if (!last) {
            partial = message;
            partialIsText = text;
            return;
        }
        partial = null;
        if (text) {
            events.text(message);
        }
    }

    private static ProtocolViolation violation(String what) {
        return new ProtocolViolation(PROTOCOL_ERROR, "the engine sent " + what);
    }
}
