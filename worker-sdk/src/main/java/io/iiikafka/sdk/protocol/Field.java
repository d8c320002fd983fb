package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The keys that frames and their small inner objects ({@code action}, {@code error}) use: the constant in lower case. */
enum Field {
    TYPE,
    ID,
    FUNCTION_ID,
    INVOCATION_ID,
    DATA,
    RESULT,
    ERROR,
    TRACEPARENT,
    BAGGAGE,
    ACTION,
    QUEUE,
    METADATA,
    NAMESPACE,
    TRIGGER_NAMESPACE,
    TRIGGER_TYPE,
    CONFIG,
    DESCRIPTION,
    REQUEST_FORMAT,
    RESPONSE_FORMAT,
    INVOCATION,
    TRIGGER_REQUEST_FORMAT,
    CALL_REQUEST_FORMAT,
    NAME,
    PARENT_SERVICE_ID,
    WORKER_ID,
    REATTACH_TOKEN,
    PREVIOUS_WORKER_ID,
    CODE,
    MESSAGE,
    STACKTRACE,
    WORKER_NAME,
    OWNER_WORKER_ID;

    private static final Field[][] BY_LENGTH = byLength();

    private final String key = name().toLowerCase(Locale.ROOT);
    private final byte[] utf8 = key.getBytes(StandardCharsets.US_ASCII);

    /** {@code "key":} as it stands in a frame. */
    final byte[] prefix = ('"' + key + "\":").getBytes(StandardCharsets.US_ASCII);

    String key() {
        return key;
    }

    /** The field whose key is exactly these bytes, or null when it is not one of ours. */
    static @Nullable Field find(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length < BY_LENGTH.length) {
            for (Field field : BY_LENGTH[length]) {
                if (Arrays.equals(field.utf8, 0, length, bytes, start, end)) {
                    return field;
                }
            }
        }
        return null;
    }

    private static Field[][] byLength() {
        int longest = Arrays.stream(values()).mapToInt(field -> field.utf8.length).max().orElseThrow();
        Field[][] table = new Field[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            table[length] =
                    Arrays.stream(values()).filter(field -> field.utf8.length == wanted).toArray(Field[]::new);
        }
        return table;
    }
}
