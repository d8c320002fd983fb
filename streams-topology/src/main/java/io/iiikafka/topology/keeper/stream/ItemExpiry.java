package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;
import org.jspecify.annotations.Nullable;

/**
 * An item that was set for a time ({@code ttl_ms}, spec: stream.md 13.10). The note {@code ttl/<ms>/<stream>/<group>/<item>}
 * says when to look, and holds the offset of the event that set it: any later write makes another event, and takes the note
 * away.
 *
 * @param offset of that event
 */
record ItemExpiry(StreamGroup group, String item, long dueMs, long offset) {

    private static final String PREFIX = "ttl/";
    private static final long FAR = 999_999_999_999_998L;

    /** Has the item removed when its time is over, if it has one. */
    static void note(StreamDraft draft, StreamGroup group, String item, StreamItem set) {
        if (set.expiresAtMs() != 0) {
            draft.note(name(group, item, set), RawJson.of(Long.toString(set.offset())));
        }
    }

    /** The item stands there no more as it was: its note goes, if it has one. */
    static void forget(StreamDraft draft, StreamGroup group, String item, @Nullable StreamItem was) {
        if (was != null && was.expiresAtMs() != 0) {
            draft.note(name(group, item, was), null);
        }
    }

    private static String name(StreamGroup group, String item, StreamItem of) {
        return Due.name(PREFIX, of.expiresAtMs(), group.itemKey(item));
    }

    static boolean isExpiry(String note) {
        return note.startsWith(PREFIX);
    }

    /** When the note is due; {@link Long#MAX_VALUE} when it is another note. */
    static long dueMs(String name) {
        return isExpiry(name) ? Due.ms(PREFIX, name) : Long.MAX_VALUE;
    }

    /** The names of the notes that are due first. */
    static List<String> first(StreamStores stores, int most) {
        return due(stores, FAR, most);
    }

    /** The names of notes that are due. */
    static List<String> due(StreamStores stores, long nowMs, int most) {
        return stores.notes(PREFIX, Due.name(PREFIX, nowMs + 1, ""), most);
    }

    static ItemExpiry read(String name, RawJson note) {
        String key = Due.what(PREFIX, name);
        int item = key.indexOf('/', key.indexOf('/') + 1);
        return new ItemExpiry(
                StreamGroup.parse(key.substring(0, item)),
                key.substring(item + 1),
                dueMs(name),
                Long.parseLong(note.toString()));
    }

    /** Of the event of its end: the same each time that it is tried. */
    String eventId() {
        String name = group.itemKey(item) + "@" + offset;
        return "expired:" + UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    }

    /** Removes the item, unless it was written since. */
    void run(StreamDraft draft) {
        StreamItem found = draft.get(group, item);
        if (found != null && found.offset() == offset) {
            draft.remove(group, item);
        }
    }
}
