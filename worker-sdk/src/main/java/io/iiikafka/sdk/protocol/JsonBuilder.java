package io.iiikafka.sdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object or array out of texts, numbers and slices; the slices are copied in as they are. A null
 * value is written as {@code null}. Used once, by one thread.
 */
public final class JsonBuilder {

    private static final int INITIAL_BYTES = 256;

    private final JsonOutput output;
    private final char end;
    private boolean first = true;

    private JsonBuilder(char begin, char end, int expectedBytes) {
        this.output = JsonOutput.own(Math.max(INITIAL_BYTES, expectedBytes)).raw(begin);
        this.end = end;
    }

    public static JsonBuilder object() {
        return new JsonBuilder('{', '}', 0);
    }

    /** An object for which so many bytes are surely needed. */
    public static JsonBuilder object(int expectedBytes) {
        return new JsonBuilder('{', '}', expectedBytes);
    }

    public static JsonBuilder array() {
        return new JsonBuilder('[', ']', 0);
    }

    /** An array for which so many bytes are surely needed. */
    public static JsonBuilder array(int expectedBytes) {
        return new JsonBuilder('[', ']', expectedBytes);
    }

    public JsonBuilder member(String name, @Nullable RawJson value) {
        name(name);
        output.raw(value == null ? RawJson.NULL : value);
        return this;
    }

    public JsonBuilder member(String name, @Nullable String value) {
        if (value == null) {
            return member(name, RawJson.NULL);
        }
        name(name);
        output.string(value);
        return this;
    }

    public JsonBuilder member(String name, long value) {
        return member(name, RawJson.of(Long.toString(value)));
    }

    public JsonBuilder member(String name, boolean value) {
        return member(name, RawJson.of(Boolean.toString(value)));
    }

    public JsonBuilder element(RawJson value) {
        separate();
        output.raw(value);
        return this;
    }

    public JsonBuilder element(String value) {
        separate();
        output.string(value);
        return this;
    }

    /** All elements of an array, copied in one go. */
    public JsonBuilder elementsOf(RawJson array) {
        RawJson inside = array.inside();
        if (inside.length() > 0) {
            separate();
            output.raw(inside);
        }
        return this;
    }

    private void name(String name) {
        separate();
        output.string(name).raw(':');
    }

    private void separate() {
        if (first) {
            first = false;
        } else {
            output.raw(',');
        }
    }

    public RawJson build() {
        return RawJson.of(output.raw(end).finish());
    }
}
