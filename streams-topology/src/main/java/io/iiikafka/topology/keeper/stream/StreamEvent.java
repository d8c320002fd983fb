package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a group.
 *
 * @param id the item; null for an event that is sent to the group
 * @param event for example {@code {"type":"create","data":{"text":"milk"}}} (5.5)
 * @param timestampMs a tick of the group's clock
 * @param offset in the group's log, from 1 on; 0: not logged
 * @param eventId unique, and the same when its command is run again
 * @param actor who wrote or sent it; null: nobody is known
 */
record StreamEvent(
        StreamGroup group,
        @Nullable String id,
        RawJson event,
        long timestampMs,
        long offset,
        String eventId,
        @Nullable RawJson actor) {

    static final String CREATE = "create";
    static final String UPDATE = "update";
    static final String DELETE = "delete";
    /** What was sent by {@code stream::send}. */
    static final String SENT = "event";

    static RawJson change(String type, RawJson data) {
        return JsonBuilder.object(data.length() + 40)
                .member("type", type)
                .member("data", data)
                .build();
    }

    static RawJson sent(String type, RawJson data) {
        return JsonBuilder.object(data.length() + 80)
                .member("type", SENT)
                .member("event", change(type, data))
                .build();
    }

    boolean isLogged() {
        return offset > 0;
    }

    /** What subscribers and handlers of triggers get: exactly these six members. */
    RawJson frame() {
        return JsonBuilder.object(event.length() + 200)
                .member("type", "stream")
                .member("timestamp", timestampMs)
                .member("streamName", group.stream())
                .member("groupId", group.group())
                .member("id", id)
                .member("event", event)
                .build();
    }

    /**
     * The value of its record in {@code stream-events}, and in the log of its group.
     *
     * @param maxBytes a longer event keeps its place, but not its data (13.1)
     */
    RawJson logRecord(int maxBytes) {
        boolean truncated = event.length() > maxBytes;
        JsonBuilder record = JsonBuilder.object(truncated ? 300 : event.length() + 300)
                .member("offset", offset)
                .member("timestamp", timestampMs)
                .member("streamName", group.stream())
                .member("groupId", group.group())
                .member("id", id)
                .member("event", truncated ? withoutData() : event)
                .member("event_id", eventId);
        if (actor != null) {
            record.member("actor", actor);
        }
        return truncated ? record.member("truncated", true).build() : record.build();
    }

    private RawJson withoutData() {
        JsonBuilder bare = JsonBuilder.object().member("type", event.toTree().path("type").asText());
        String sent = event.toTree().path("event").path("type").textValue();
        return sent == null
                ? bare.build()
                : bare.member("event", JsonBuilder.object().member("type", sent).build()).build();
    }
}
