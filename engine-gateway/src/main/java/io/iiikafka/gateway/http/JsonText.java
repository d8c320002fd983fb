package io.iiikafka.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;

/** Writes JSON straight into bytes, as payloads are built for each request. Commas set themselves. */
final class JsonText {

    private static final String HEX = "0123456789abcdef";

    /** Large values are few, and their sizes known: twice the room would be wasted on them. */
    private static final int MOST_RESERVE = 64 * 1024;

    private byte[] bytes;
    private int length;
    private boolean first = true;

    JsonText(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    JsonText beginObject() {
        return begin('{');
    }

    JsonText endObject() {
        return end('}');
    }

    JsonText beginArray() {
        return begin('[');
    }

    JsonText endArray() {
        return end(']');
    }

    private JsonText begin(char bracket) {
        comma();
        put(bracket);
        first = true;
        return this;
    }

    private JsonText end(char bracket) {
        put(bracket);
        first = false;
        return this;
    }

    JsonText name(String name) {
        comma();
        quoted(name);
        put(':');
        first = true;
        return this;
    }

    JsonText value(String text) {
        comma();
        quoted(text);
        return this;
    }

    JsonText value(RawJson value) {
        comma();
        ensure(value.length());
        length = value.copyTo(bytes, length);
        return this;
    }

    JsonText member(String name, String text) {
        return name(name).value(text);
    }

    JsonText member(String name, RawJson value) {
        return name(name).value(value);
    }

    JsonText member(String name, Map<String, String> texts) {
        name(name).beginObject();
        texts.forEach(this::member);
        return endObject();
    }

    JsonText memberLists(String name, Map<String, ? extends Collection<String>> lists) {
        name(name).beginObject();
        lists.forEach((key, texts) -> {
            name(key).beginArray();
            texts.forEach(this::value);
            endArray();
        });
        return endObject();
    }

    /** What was written, at its exact size. */
    RawJson toJson() {
        return RawJson.of(Arrays.copyOf(bytes, length));
    }

    private void comma() {
        if (!first) {
            put(',');
        }
        first = false;
    }

    private void quoted(String text) {
        ensure(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                put(c);
            } else if (c >= 0x80) {
                int end = endOfNonAscii(text, i);
                putAll(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            } else {
                escaped(c);
            }
        }
        put('"');
    }

    private static int endOfNonAscii(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= 0x80) {
            end++;
        }
        return end;
    }

    private void escaped(char c) {
        put('\\');
        switch (c) {
            case '"', '\\' -> put(c);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                putAll(new byte[] {'u', '0', '0'});
                put(HEX.charAt(c >> 4));
                put(HEX.charAt(c & 0xF));
            }
        }
    }

    private void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    private void putAll(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void ensure(int more) {
        if (more > bytes.length - length) {
            int reserve = Math.min(bytes.length, MOST_RESERVE);
            bytes = Arrays.copyOf(bytes, Math.addExact(Math.addExact(length, more), reserve));
        }
    }
}
