package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Walks JSON text in a byte array and finds where values begin and end, strictly by RFC 8259 and UTF-8, building
 * nothing. A general parser is not used here because it interns the keys of every payload that passes and cannot tell
 * byte positions for all input.
 *
 * <p>Use: {@link #beginObject()}, then while {@link #nextMember()} look at the key and {@link #skipValue()}, then
 * {@link #endOfText()}. Not thread-safe.
 */
final class JsonCursor {

    /** Deepest nesting of what comes from outside, the outermost value included. */
    static final int MAX_DEPTH = 128;

    /** Of what the engine wrote itself: as deep values stand a few levels further down in answers, lists and events. */
    private static final int MAX_OWN_DEPTH = 2 * MAX_DEPTH;

    /** Longest number as written. General parsers take no longer ones, as their value costs the square of their length. */
    static final int MAX_NUMBER_LENGTH = 1_000;

    private final byte[] bytes;
    private final int end;
    private final int maxDepth;
    private int position;

    private boolean firstMember;
    private int keyStart;
    private int keyEnd;
    private boolean escaped;
    private boolean keyEscaped;

    private JsonCursor(byte[] bytes, int offset, int length, int maxDepth) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
        this.maxDepth = maxDepth;
    }

    /** Over text from outside. */
    static JsonCursor untrusted(byte[] bytes, int offset, int length) {
        return new JsonCursor(bytes, offset, length, MAX_DEPTH);
    }

    /** Over text that is known to be one JSON value. */
    static JsonCursor known(byte[] bytes, int offset, int length) {
        return new JsonCursor(bytes, offset, length, MAX_OWN_DEPTH);
    }

    int position() {
        return position;
    }

    /** Steps into the outermost object. */
    void beginObject() throws MalformedException {
        expect('{', "an object");
        firstMember = true;
    }

    /** Steps over a key and its colon; false when the object has ended. */
    boolean nextMember() throws MalformedException {
        int next = peek();
        if (next == '}') {
            position++;
            return false;
        }
        if (!firstMember) {
            expect(',', "',' or '}'");
        }
        firstMember = false;
        if (peek() != '"') {
            throw unexpected("a key in double quotes");
        }
        keyStart = position + 1;
        skipString();
        keyEnd = position - 1;
        keyEscaped = escaped;
        expect(':', "':'");
        peek();
        return true;
    }

    /** Steps into the outermost array. */
    void beginArray() throws MalformedException {
        expect('[', "an array");
        firstMember = true;
    }

    /** Steps to the next element; false when the array has ended. */
    boolean nextElement() throws MalformedException {
        if (peek() == ']') {
            position++;
            return false;
        }
        if (!firstMember) {
            expect(',', "',' or ']'");
        }
        firstMember = false;
        peek();
        return true;
    }

    /** First byte of the key, after its opening quote. */
    int keyStart() {
        return keyStart;
    }

    /** The byte after the key: its closing quote. */
    int keyEnd() {
        return keyEnd;
    }

    /** Whether the key contains escapes, so that its bytes are not its text. */
    boolean keyEscaped() {
        return keyEscaped;
    }

    /** The text of the key. */
    String key() {
        return text(bytes, keyStart, keyEnd);
    }

    /** Steps over the value of the member that {@link #nextMember()} found. */
    void skipValue() throws MalformedException {
        skipValue(1);
    }

    /** Only white space may follow. */
    void endOfText() throws MalformedException {
        if (peek() != -1) {
            throw unexpected("the end of the message");
        }
    }

    private void skipValue(int depth) throws MalformedException {
        switch (peek()) {
            case '{' -> skipObject(depth + 1);
            case '[' -> skipArray(depth + 1);
            case '"' -> skipString();
            case 't' -> skipLiteral("true");
            case 'f' -> skipLiteral("false");
            case 'n' -> skipLiteral("null");
            default -> skipNumber();
        }
    }

    private void skipObject(int depth) throws MalformedException {
        limit(depth);
        position++;
        if (peek() == '}') {
            position++;
            return;
        }
        while (true) {
            if (peek() != '"') {
                throw unexpected("a key in double quotes");
            }
            skipString();
            expect(':', "':'");
            skipValue(depth);
            if (peek() == '}') {
                position++;
                return;
            }
            expect(',', "',' or '}'");
        }
    }

    private void skipArray(int depth) throws MalformedException {
        limit(depth);
        position++;
        if (peek() == ']') {
            position++;
            return;
        }
        while (true) {
            skipValue(depth);
            if (peek() == ']') {
                position++;
                return;
            }
            expect(',', "',' or ']'");
        }
    }

    private void skipLiteral(String literal) throws MalformedException {
        for (int i = 0; i < literal.length(); i++) {
            if (position == end || bytes[position] != literal.charAt(i)) {
                throw unexpected("a value");
            }
            position++;
        }
    }

    private void skipNumber() throws MalformedException {
        int start = position;
        if (current() == '-') {
            position++;
        }
        if (current() == '0') {
            position++;
        } else {
            skipDigits("a value");
        }
        if (current() == '.') {
            position++;
            skipDigits("a digit");
        }
        if (current() == 'e' || current() == 'E') {
            position++;
            if (current() == '+' || current() == '-') {
                position++;
            }
            skipDigits("a digit");
        }
        if (position - start > MAX_NUMBER_LENGTH) {
            throw new MalformedException(
                    "a number of more than " + MAX_NUMBER_LENGTH + " characters at byte " + start);
        }
    }

    private void skipDigits(String wanted) throws MalformedException {
        int start = position;
        while (position < end && bytes[position] >= '0' && bytes[position] <= '9') {
            position++;
        }
        if (position == start) {
            throw unexpected(wanted);
        }
    }

    /** From an opening to after the closing quote; leaves in {@link #escaped} whether there was a backslash. */
    private void skipString() throws MalformedException {
        escaped = false;
        position++;
        while (position < end) {
            byte b = bytes[position];
            if (b == '"') {
                position++;
                return;
            }
            if (b == '\\') {
                escaped = true;
                skipEscape();
            } else if (b < 0) {
                skipUtf8Sequence();
            } else if (b < ' ') {
                throw unexpected("an escape instead of a control character");
            } else {
                position++;
            }
        }
        throw unexpected("'\"'");
    }

    private void skipEscape() throws MalformedException {
        position++;
        switch (current()) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> position++;
            case 'u' -> {
                position++;
                for (int i = 0; i < 4; i++, position++) {
                    if (Character.digit(current(), 16) < 0) {
                        throw unexpected("four hexadecimal digits after \\u");
                    }
                }
            }
            default -> throw unexpected("an escape that JSON knows");
        }
    }

    /** Well-formed sequences only (Unicode table 3-7): nothing overlong, no surrogates, nothing past U+10FFFF. */
    private void skipUtf8Sequence() throws MalformedException {
        int lead = bytes[position] & 0xFF;
        int second = position + 1 < end ? bytes[position + 1] & 0xFF : 0;
        int length;
        boolean valid;
        if (lead < 0xE0) {
            length = 2;
            valid = lead >= 0xC2 && isContinuation(second);
        } else if (lead < 0xF0) {
            length = 3;
            valid = isContinuation(second) && !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second > 0x9F);
        } else {
            length = 4;
            valid = lead <= 0xF4
                    && isContinuation(second)
                    && !(lead == 0xF0 && second < 0x90)
                    && !(lead == 0xF4 && second > 0x8F);
        }
        for (int i = 2; i < length; i++) {
            valid &= position + i < end && isContinuation(bytes[position + i] & 0xFF);
        }
        if (!valid) {
            throw new MalformedException("invalid UTF-8 at byte " + position);
        }
        position += length;
    }

    private static boolean isContinuation(int octet) {
        return (octet & 0xC0) == 0x80;
    }

    /** Skips white space; the byte that follows, or -1 at the end. */
    private int peek() {
        while (position < end) {
            byte b = bytes[position];
            if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
                return b & 0xFF;
            }
            position++;
        }
        return -1;
    }

    private int current() {
        return position < end ? bytes[position] & 0xFF : -1;
    }

    private void expect(char wanted, String name) throws MalformedException {
        if (peek() != wanted) {
            throw unexpected(name);
        }
        position++;
    }

    private void limit(int depth) throws MalformedException {
        if (depth > maxDepth) {
            throw new MalformedException("nested deeper than " + maxDepth + " levels at byte " + position);
        }
    }

    private MalformedException unexpected(String wanted) {
        String where = position < end ? "at byte " + position : "but the message ends";
        return new MalformedException("expected " + wanted + " " + where);
    }

    /** The text of a string whose bytes between the quotes this cursor has passed and found well formed. */
    static String text(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '\\') {
                return unescaped(bytes, start, i, end);
            }
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private static String unescaped(byte[] bytes, int start, int firstEscape, int end) {
        StringBuilder text = new StringBuilder(end - start);
        int plainStart = start;
        int i = firstEscape;
        while (i < end) {
            if (bytes[i] != '\\') {
                i++;
                continue;
            }
            text.append(new String(bytes, plainStart, i - plainStart, StandardCharsets.UTF_8));
            char escape = (char) bytes[i + 1];
            i += 2;
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(new String(bytes, i, 4, StandardCharsets.US_ASCII), 16));
                    i += 4;
                }
                default -> text.append(escape);
            }
            plainStart = i;
        }
        return text.append(new String(bytes, plainStart, end - plainStart, StandardCharsets.UTF_8)).toString();
    }
}
