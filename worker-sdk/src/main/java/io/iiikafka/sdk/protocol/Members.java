package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** Where the known members of one JSON object stand in its bytes. Of a key that comes twice the last one counts. */
final class Members {

    /** Longest id-like string, in bytes as sent: function, trigger, worker, invocation and queue ids, and the like. */
    static final int MAX_ID_BYTES = 8 * 1024;

    private static final int FIELDS = Field.values().length;

    private final byte[] bytes;
    private final int offset;
    private final int length;

    /** Where this object stands in the message, for error messages: empty or like {@code action.} */
    private final String path;

    /** Start and end by ordinal; an end of 0 means that the object has no such member. */
    private final int[] bounds = new int[2 * FIELDS];

    private boolean unknown;

    Members(byte[] bytes, int offset, int length) {
        this(bytes, offset, length, "");
    }

    private Members(byte[] bytes, int offset, int length, String path) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.path = path;
    }

    /** Walks the whole object. What was found before a fault stays readable after it. */
    Members collect() throws MalformedException {
        JsonCursor cursor = JsonCursor.untrusted(bytes, offset, length);
        cursor.beginObject();
        while (cursor.nextMember()) {
            Field field = field(cursor);
            int start = cursor.position();
            cursor.skipValue();
            if (field == null) {
                unknown = true;
            } else {
                bounds[2 * field.ordinal()] = start;
                bounds[2 * field.ordinal() + 1] = cursor.position();
            }
        }
        cursor.endOfText();
        return this;
    }

    private @Nullable Field field(JsonCursor cursor) {
        if (cursor.keyEscaped()) {
            byte[] key = cursor.key().getBytes(StandardCharsets.UTF_8);
            return Field.find(key, 0, key.length);
        }
        return Field.find(bytes, cursor.keyStart(), cursor.keyEnd());
    }

    /** Whether there are members of which this protocol knows nothing. */
    boolean unknown() {
        return unknown;
    }

    /** The whole object; like every value that is given, it does not keep a large message in memory of which it is a small part. */
    RawJson all() {
        return RawJson.slice(bytes, offset, length).detached();
    }

    boolean has(Field field) {
        return end(field) != 0 && bytes[start(field)] != 'n';
    }

    /** The value as it stands; null when absent or {@code null}. */
    @Nullable RawJson raw(Field field) {
        return has(field) ? RawJson.slice(bytes, start(field), end(field) - start(field)).detached() : null;
    }

    /** An id or another short string; null when absent or {@code null}. */
    @Nullable String optionalId(Field field) throws MalformedException {
        if (!has(field)) {
            return null;
        }
        String id = text(field);
        if (end(field) - start(field) - 2 > MAX_ID_BYTES) {
            throw fault(field, "is longer than " + MAX_ID_BYTES + " bytes");
        }
        return id;
    }

    String requiredId(Field field) throws MalformedException {
        String id = optionalId(field);
        if (id == null) {
            throw fault(field, "is missing");
        }
        return id;
    }

    /** A string of any length; null when absent or {@code null}. */
    @Nullable String optionalText(Field field) throws MalformedException {
        return has(field) ? text(field) : null;
    }

    /** An object's members; null when absent or {@code null}. */
    @Nullable Members optionalObject(Field field) throws MalformedException {
        if (!has(field)) {
            return null;
        }
        if (bytes[start(field)] != '{') {
            throw fault(field, "must be an object");
        }
        return new Members(bytes, start(field), end(field) - start(field), field.key() + ".").collect();
    }

    /** The string if there is a sensible one: for telling what kind of message was at fault. Never throws. */
    @Nullable String readable(Field field) {
        boolean sensible = has(field) && isString(field) && end(field) - start(field) - 2 <= MAX_ID_BYTES;
        return sensible ? JsonCursor.text(bytes, start(field) + 1, end(field) - 1) : null;
    }

    MalformedException fault(Field field, String fault) {
        return new MalformedException("`" + path + field.key() + "` " + fault);
    }

    private String text(Field field) throws MalformedException {
        if (!isString(field)) {
            throw fault(field, "must be a string");
        }
        return JsonCursor.text(bytes, start(field) + 1, end(field) - 1);
    }

    private boolean isString(Field field) {
        return bytes[start(field)] == '"';
    }

    private int start(Field field) {
        return bounds[2 * field.ordinal()];
    }

    private int end(Field field) {
        return bounds[2 * field.ordinal() + 1];
    }
}
