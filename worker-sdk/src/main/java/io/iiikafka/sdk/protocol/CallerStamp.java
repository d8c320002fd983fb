package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts {@code _caller_worker_id} into an object payload (spec: protocol.md 5.3): as the last member, replacing any
 * that the caller put there, all other bytes untouched.
 */
final class CallerStamp {

    private static final String KEY = "_caller_worker_id";
    private static final byte[] UTF8 = KEY.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREFIX = ('"' + KEY + "\":").getBytes(StandardCharsets.US_ASCII);

    private CallerStamp() {}

    static void write(JsonOutput out, RawJson object, String callerWorkerId) {
        if (object.isEmptyObject()) {
            out.raw('{');
        } else if (mayHoldKey(object)) {
            if (copyOtherMembers(out.raw('{'), object)) {
                out.raw(',');
            }
        } else {
            out.raw(object.array(), object.arrayOffset(), lengthWithoutBrace(object)).raw(',');
        }
        out.raw(PREFIX).string(callerWorkerId).raw('}');
    }

    /** A quick look over the bytes; a backslash could hide the key in any spelling. */
    private static boolean mayHoldKey(RawJson object) {
        byte[] bytes = object.array();
        int end = object.arrayOffset() + object.length();
        for (int i = object.arrayOffset(); i < end; i++) {
            byte b = bytes[i];
            if (b == '\\' || b == '_' && isKey(bytes, i, Math.min(end, i + UTF8.length))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(byte[] bytes, int start, int end) {
        return Arrays.equals(bytes, start, end, UTF8, 0, UTF8.length);
    }

    /** Length up to the closing brace and the white space before it. */
    private static int lengthWithoutBrace(RawJson object) {
        int length = object.length() - 1;
        while (object.byteAt(length - 1) <= ' ' && object.byteAt(length - 1) > 0) {
            length--;
        }
        return length;
    }

    /** Whether there was any. */
    private static boolean copyOtherMembers(JsonOutput out, RawJson object) {
        byte[] bytes = object.array();
        JsonCursor cursor = JsonCursor.known(bytes, object.arrayOffset(), object.length());
        boolean any = false;
        try {
            cursor.beginObject();
            while (cursor.nextMember()) {
                int start = cursor.keyStart() - 1;
                boolean ours = cursor.keyEscaped()
                        ? cursor.key().equals(KEY)
                        : isKey(bytes, cursor.keyStart(), cursor.keyEnd());
                cursor.skipValue();
                if (!ours) {
                    if (any) {
                        out.raw(',');
                    }
                    out.raw(bytes, start, cursor.position() - start);
                    any = true;
                }
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("the payload is not JSON: " + e.getMessage());
        }
        return any;
    }
}
