package io.iiikafka.sdk.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value as the UTF-8 bytes it arrived in: a slice, never parsed on the way through, so that key order and
 * number text survive and a large payload costs nothing to forward.
 *
 * <p>Immutable by convention: whoever hands over an array must not change it afterwards. Two values are equal when
 * their bytes are.
 */
public final class RawJson {

    /** Arrays up to this length may be kept for a part of them. */
    private static final int SMALL_ARRAY = 64 * 1024;

    /** The literal {@code null}. */
    public static final RawJson NULL = of("null");

    /** The empty object. */
    public static final RawJson EMPTY_OBJECT = of("{}");

    /** Takes all that {@link JsonCursor} has let pass. */
    private static final ObjectMapper TREES = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(JsonCursor.MAX_NUMBER_LENGTH)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private RawJson(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** Takes text that is known to be one JSON value, without surrounding white space. */
    public static RawJson of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes bytes that are known to be one JSON value; the array is kept, not copied. */
    public static RawJson of(byte[] utf8) {
        return new RawJson(utf8, 0, utf8.length);
    }

    /** Takes a slice that is known to be one JSON value; the array is kept, not copied. */
    public static RawJson slice(byte[] utf8, int offset, int length) {
        return new RawJson(utf8, offset, length);
    }

    /**
     * The one JSON value that a text from outside holds, without the white space around it; null when the text is not
     * well-formed JSON in UTF-8, is nested deeper than 127 levels or holds a number of more than 1,000 characters. The array is kept, not copied.
     */
    public static @Nullable RawJson parse(byte[] utf8) {
        int start = 0;
        while (start < utf8.length && isBlank(utf8[start])) {
            start++;
        }
        JsonCursor cursor = JsonCursor.untrusted(utf8, start, utf8.length - start);
        try {
            cursor.skipValue();
            int end = cursor.position();
            cursor.endOfText();
            return slice(utf8, start, end - start);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** What stands between the brackets of an array or object, without the white space around it. */
    RawJson inside() {
        int start = offset + 1;
        int end = offset + length - 1;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        return slice(bytes, start, end - start);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    /** Writes any value that Jackson can serialise: records, maps, lists, trees, scalars, null. */
    public static RawJson ofValue(Object value) {
        try {
            return of(TREES.writeValueAsBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int length() {
        return length;
    }

    public boolean isNull() {
        return matches("null");
    }

    /** Exactly the JSON value {@code false}: what makes a condition skip its target (spec protocol.md 4.7). */
    public boolean isFalse() {
        return matches("false");
    }

    public boolean isObject() {
        return length > 0 && bytes[offset] == '{';
    }

    /** Whether this is a JSON string. */
    public boolean isText() {
        return length > 0 && bytes[offset] == '"';
    }

    /** The text of a JSON string; null when this is none. */
    public @Nullable String text() {
        return isText() ? JsonCursor.text(bytes, offset + 1, offset + length - 1) : null;
    }

    public boolean isEmptyObject() {
        if (!isObject()) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            if (bytes[offset + i] > ' ') {
                return false;
            }
        }
        return true;
    }

    private boolean matches(String literal) {
        if (length != literal.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[offset + i] != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes; the backing array itself when this value fills it, else a copy. Do not change it. */
    public byte[] toBytes() {
        return offset == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Copies the bytes into {@code target} at {@code position}; returns the position after them. */
    public int copyTo(byte[] target, int position) {
        System.arraycopy(bytes, offset, target, position, length);
        return position + length;
    }

    /** Gives the members of an object in order, each value a slice of this one; nothing when this is no object. */
    public void forEachMember(BiConsumer<String, RawJson> visitor) {
        if (!isObject()) {
            return;
        }
        JsonCursor cursor = JsonCursor.known(bytes, offset, length);
        try {
            cursor.beginObject();
            while (cursor.nextMember()) {
                int start = cursor.position();
                cursor.skipValue();
                visitor.accept(cursor.key(), slice(bytes, start, cursor.position() - start));
            }
        } catch (MalformedException e) {
            throw new IllegalStateException("not the JSON value it was said to be", e);
        }
    }

    /** Gives the elements of an array in order, each a slice of this value; nothing when this is no array. */
    public void forEachElement(Consumer<RawJson> visitor) {
        if (length == 0 || bytes[offset] != '[') {
            return;
        }
        JsonCursor cursor = JsonCursor.known(bytes, offset, length);
        try {
            cursor.beginArray();
            while (cursor.nextElement()) {
                int start = cursor.position();
                cursor.skipValue();
                visitor.accept(slice(bytes, start, cursor.position() - start));
            }
        } catch (MalformedException e) {
            throw new IllegalStateException("not the JSON value it was said to be", e);
        }
    }

    /** Parses the value; for code off the hot path that must look inside. */
    public JsonNode toTree() {
        return toTree(TREES);
    }

    /** As {@link #toTree()}, with numbers as the mapper reads them. */
    public JsonNode toTree(ObjectMapper mapper) {
        try {
            return mapper.readTree(bytes, offset, length);
        } catch (JsonProcessingException e) {
            return memberByMember(mapper, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of members may hold halves of surrogate pairs, which are JSON, but which Jackson does not take. */
    private JsonNode memberByMember(ObjectMapper mapper, JsonProcessingException refused) {
        if (isObject()) {
            ObjectNode object = mapper.createObjectNode();
            forEachMember((name, value) -> object.set(name, value.toTree(mapper)));
            return object;
        }
        if (length > 0 && bytes[offset] == '[') {
            ArrayNode array = mapper.createArrayNode();
            forEachElement(element -> array.add(element.toTree(mapper)));
            return array;
        }
        throw new UncheckedIOException(refused);
    }

    /** Binds the value to a type; throws {@link UncheckedIOException} when it does not fit. */
    public <T> T as(Class<T> type) {
        try {
            return TREES.readValue(bytes, offset, length, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same value, with an array of its own when it is less than half of a large one, which others then need not keep. */
    RawJson detached() {
        return bytes.length > SMALL_ARRAY && length < bytes.length / 2 ? of(toBytes()) : this;
    }

    byte byteAt(int index) {
        return bytes[offset + index];
    }

    byte[] array() {
        return bytes;
    }

    int arrayOffset() {
        return offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson that
                && Arrays.equals(
                        bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[offset + i];
        }
        return hash;
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
