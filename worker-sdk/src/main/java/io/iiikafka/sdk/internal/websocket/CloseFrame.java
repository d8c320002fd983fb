package io.iiikafka.sdk.internal.websocket;

import java.nio.charset.StandardCharsets;

/** The payload of a close frame: two bytes of code and a reason, or nothing, which reads as code 1005. */
record CloseFrame(int code, String reason) {

    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int NO_CODE = 1005;
    static final int INVALID_PAYLOAD = 1007;
    static final int TOO_BIG = 1009;
    static final int INTERNAL_ERROR = 1011;

    private static final int MAX_REASON_BYTES = 123;

    static CloseFrame read(byte[] payload) throws ProtocolException {
        if (payload.length == 0) {
            return new CloseFrame(NO_CODE, "");
        }
        if (payload.length == 1) {
            throw new ProtocolException(PROTOCOL_ERROR, "close frame of one byte");
        }
        int code = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        if (!mayBeSent(code)) {
            throw new ProtocolException(PROTOCOL_ERROR, "close code " + code + " may not be sent");
        }
        if (!Utf8.isValid(payload, 2, payload.length)) {
            throw new ProtocolException(INVALID_PAYLOAD, "reason of a close frame that is not UTF-8");
        }
        return new CloseFrame(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    private static boolean mayBeSent(int code) {
        return code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != 1006
                || code >= 3000 && code <= 4999;
    }

    /** How this close is confirmed to whoever sent it. */
    CloseFrame echo() {
        return new CloseFrame(code, "");
    }

    byte[] toBytes() {
        if (code == NO_CODE) {
            return new byte[0];
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(text.length, MAX_REASON_BYTES);
        while (end < text.length && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        byte[] payload = new byte[2 + end];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, end);
        return payload;
    }
}
