package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;

/** Reads frames (RFC 6455, section 5) and hands over messages. For one thread. */
final class MessageReader {

    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MAX_CONTROL_BYTES = 125;

    private final InputBuffer input;
    private final int maxMessageBytes;
    private final Sink sink;
    private final MessageBuffer message = new MessageBuffer();

    /** Of the message whose fragments come; 0 between messages. */
    private int fragmented;

    MessageReader(InputBuffer input, int maxMessageBytes, Sink sink) {
        this.input = input;
        this.maxMessageBytes = maxMessageBytes;
        this.sink = sink;
    }

    /**
     * Reads until the other side closes.
     *
     * @throws ProtocolException if it breaks the rules
     * @throws IOException if it ends without a close frame
     */
    CloseFrame readUntilClose() throws IOException {
        while (true) {
            int head = input.read();
            int second = input.read();
            if ((head & RESERVED) != 0) {
                throw violation("reserved bits are set");
            }
            if ((second & MASKED) != 0) {
                throw violation("a masked frame");
            }
            int opcode = head & OPCODE;
            boolean last = (head & FINAL) != 0;
            long length = length(second & LENGTH);
            if (!Opcode.isControl(opcode)) {
                data(opcode, last, length);
            } else if (!last || length > MAX_CONTROL_BYTES) {
                throw violation("a control frame in fragments or above " + MAX_CONTROL_BYTES + " bytes");
            } else {
                byte[] payload = new byte[(int) length];
                input.read(payload, 0, payload.length);
                switch (opcode) {
                    case Opcode.CLOSE -> {
                        return CloseFrame.read(payload);
                    }
                    case Opcode.PING -> sink.ping(payload);
                    case Opcode.PONG -> { }
                    default -> throw violation("opcode " + opcode);
                }
            }
        }
    }

    private long length(int shortLength) throws IOException {
        int more = shortLength < TWO_BYTES ? 0 : shortLength < EIGHT_BYTES ? Short.BYTES : Long.BYTES;
        long length = more == 0 ? shortLength : 0;
        for (int i = 0; i < more; i++) {
            length = length << 8 | input.read();
        }
        if (length < 0) {
            throw violation("a negative length");
        }
        return length;
    }

    private void data(int opcode, boolean last, long length) throws IOException {
        if (opcode > Opcode.BINARY) {
            throw violation("opcode " + opcode);
        }
        if ((opcode == Opcode.CONTINUATION) != (fragmented != 0)) {
            throw violation(fragmented == 0 ? "a continuation of nothing" : "a message inside another one");
        }
        if (length > maxMessageBytes - message.length()) {
            throw new ProtocolException(
                    CloseFrame.TOO_BIG, "a message above the limit of " + maxMessageBytes + " bytes");
        }
        message.append(input, (int) length, last);
        int type = opcode == Opcode.CONTINUATION ? fragmented : opcode;
        if (!last) {
            fragmented = type;
            return;
        }
        fragmented = 0;
        byte[] payload = message.take();
        if (type == Opcode.BINARY) {
            sink.binary(payload);
        } else if (Utf8.isValid(payload)) {
            sink.text(payload);
        } else {
            throw new ProtocolException(CloseFrame.INVALID_PAYLOAD, "text that is not UTF-8");
        }
    }

    private static ProtocolException violation(String what) {
        return new ProtocolException(CloseFrame.PROTOCOL_ERROR, what);
    }

    /** Where it goes; the arrays are the receiver's own. */
    interface Sink {

        void text(byte[] utf8);

        void binary(byte[] bytes);

        void ping(byte[] payload);
    }
}
