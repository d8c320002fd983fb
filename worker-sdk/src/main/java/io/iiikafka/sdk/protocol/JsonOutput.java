package io.iiikafka.sdk.protocol;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A growable buffer that JSON is written into, one per thread and used again for the next frame. Members are written
 * with their comma; null values leave their member out.
 */
final class JsonOutput {

    private static final int INITIAL_BYTES = 4 * 1024;
    private static final int INITIAL_BYTES_OF_ONE_USE = 512;

    /** A buffer grown beyond this by one large frame is let go after it. */
    private static final int KEPT_BYTES = 256 * 1024;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private static final ThreadLocal<JsonOutput> OF_THREAD = 
            ThreadLocal.withInitial(() -> new JsonOutput(INITIAL_BYTES));

    private byte[] bytes;
    private int length;

    private JsonOutput(int initialBytes) {
        bytes = new byte[initialBytes];
    }

    /** This thread's output, empty. Virtual threads do not live long enough to make a kept buffer worth having. */
    static JsonOutput start() {
        boolean oneUse = Thread.currentThread().isVirtual();
        JsonOutput output = oneUse ? new JsonOutput(INITIAL_BYTES_OF_ONE_USE) : OF_THREAD.get();
        output.length = 0;
        return output;
    }

    /** An output of its own, which may stay open while others are written. */
    static JsonOutput own(int initialBytes) {
        return new JsonOutput(initialBytes);
    }

    /** What was written, copied out at its exact size. */
    byte[] finish() {
        byte[] written = Arrays.copyOf(bytes, length);
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        return written;
    }

    JsonOutput raw(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    JsonOutput raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    JsonOutput raw(RawJson value) {
        ensure(value.length());
        length = value.copyTo(bytes, length);
        return this;
    }

    JsonOutput raw(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    JsonOutput member(Field field, @Nullable RawJson value) {
        return value == null ? this : raw(',').raw(field.prefix).raw(value);
    }

    JsonOutput member(Field field, @Nullable String value) {
        return value == null ? this : raw(',').raw(field.prefix).string(value);
    }

    /** Quotes and escapes. A lone surrogate, which UTF-8 cannot hold, is written as the escape that it came as. */
    JsonOutput string(String text) {
        int count = text.length();
        ensure(count + 2);
        bytes[length++] = '"';
        int i = 0;
        while (i < count) {
            char c = text.charAt(i);
            if (c >= 0x80 || c < ' ' || c == '"' || c == '\\') {
                break;
            }
            bytes[length++] = (byte) c;
            i++;
        }
        for (; i < count; i++) {
            ensure(6 + count - i);
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xC0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xE0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i + 1 < count && Character.isLowSurrogate(text.charAt(i + 1))) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                bytes[length++] = (byte) (0xF0 | codePoint >> 18);
                bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
                bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
                bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
            } else {
                unicodeEscape(c);
            }
        }
        return raw('"');
    }

    private void ascii(char c) {
        switch (c) {
            case '"', '\\' -> shortEscape(c);
            case '\n' -> shortEscape('n');
            case '\r' -> shortEscape('r');
            case '\t' -> shortEscape('t');
            default -> {
                if (c < ' ') {
                    unicodeEscape(c);
                } else {
                    bytes[length++] = (byte) c;
                }
            }
        }
    }

    private void shortEscape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
    }

    private void unicodeEscape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = HEX[c >> 12];
        bytes[length++] = HEX[c >> 8 & 0xF];
        bytes[length++] = HEX[c >> 4 & 0xF];
        bytes[length++] = HEX[c & 0xF];
    }

    private void ensure(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
        }
    }
}
