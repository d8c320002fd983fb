package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the {@code event} of a frame.
 *
 * @param type {@code create}, {@code update}, {@code delete} or {@code event}
 * @param customType what the application calls it; null for changes
 * @param data the new value; of a deletion the old one; of an event its data. Null where it was too long to be kept
 */
record SentEvent(String type, @Nullable String customType, @Nullable RawJson data) {

    static SentEvent of(RawJson event) {
        Map<String, RawJson> members = members(event);
        String type = requireNonNull(text(members, "type"));
        if (!type.equals(StreamEvent.SENT)) {
            return new SentEvent(type, null, members.get("data"));
        }
        Map<String, RawJson> sent = members(members.getOrDefault("event", RawJson.NULL));
        return new SentEvent(type, text(sent, "type"), sent.get("data"));
    }

    private static @Nullable String text(Map<String, RawJson> members, String name) {
        return members.getOrDefault(name, RawJson.NULL).text();
    }

    private static Map<String, RawJson> members(RawJson object) {
        Map<String, RawJson> members = new HashMap<>();
        object.forEachMember(members::put);
        return members;
    }
}
