package io.iiikafka.gateway.http;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Status codes as functions give them (spec: http.md 9.1). */
final class ReplyStatus {

    private static final int OK = 200;
    private static final int MOST_DIGITS = 9;

    private ReplyStatus() {}

    /** Whether the value is a JSON integer that is not negative: no text, no fraction, no exponent. */
    static boolean isCount(@Nullable RawJson value) {
        String text = value == null ? "" : value.toString();
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The status that the value names; 200 when it names none from 100 to 999. */
    static int of(@Nullable RawJson value) {
        if (value == null || !isCount(value) || value.length() > MOST_DIGITS) {
            return OK;
        }
        int status = Integer.parseInt(value.toString());
        return status < 100 || status > 999 ? OK : status;
    }
}
