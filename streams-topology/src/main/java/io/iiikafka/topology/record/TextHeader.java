package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Header values as text and numbers. A number that is none reads as the fallback: foreign records are untrusted. */
final class TextHeader {

    private TextHeader() {}

    static Header of(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    static Header of(String name, long value) {
        return new RecordHeader(name, Long.toString(value).getBytes(UTF_8));
    }

    static @Nullable String text(Header header) {
        byte[] value = header.value();
        return value == null ? null : new String(value, UTF_8);
    }

    static long number(Header header, long fallback) {
        byte[] value = header.value();
        return value == null ? fallback : number(value, 0, value.length, fallback);
    }

    static long number(byte[] text, int from, int to, long fallback) {
        if (to <= from || to - from > 18) {
            return fallback;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return fallback;
            }
            number = number * 10 + (text[i] - '0');
        }
        return number;
    }
}
