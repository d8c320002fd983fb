package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** What handlers of stream triggers are told (spec: stream.md 13.6). */
public enum PayloadForm {
    /** The frame that subscribers get. */
    FRAME,
    /** {@code {"type","event_type","timestamp","stream_name","group_id","item_id","data","custom_type"?}}. */
    FLAT,
    /** The frame with the members of {@link #FLAT}. */
    BOTH;

    /** The form of that name; null when there is none. */
    public static @Nullable PayloadForm of(String name) {
        return switch (name) {
            case "frame" -> FRAME;
            case "flat" -> FLAT;
            case "both" -> BOTH;
            default -> null;
        };
    }

    /**
     * @param event as in the frame: {@code {"type":"create","data":…}}
     */
    JsonBuilder payload(StreamGroup group, @Nullable String id, long timestampMs, RawJson event) {
        JsonBuilder payload = JsonBuilder.object(event.length() * (this == BOTH ? 2 : 1) + 300).member("type", "stream");
        if (this != FLAT) {
            payload.member("timestamp", timestampMs)
                    .member("streamName", group.stream())
                    .member("groupId", group.group())
                    .member("id", id)
                    .member("event", event);
        }
        if (this != FRAME) {
            SentEvent flat = SentEvent.of(event);
            payload.member("event_type", flat.type());
            if (this == FLAT) {
                payload.member("timestamp", timestampMs);
            }
            payload.member("stream_name", group.stream())
                    .member("group_id", group.group())
                    .member("item_id", id)
                    .member("data", flat.data());
            if (flat.customType() != null) {
                payload.member("custom_type", flat.customType());
            }
        }
        return payload;
    }
}
