package io.iiikafka.gateway.stream;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.PushCodec;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a group, as the keeper told it (spec: stream.md 5.5).
 *
 * @param id the item; null: it is about none
 * @param type {@code create}, {@code update}, {@code delete} or {@code event}
 * @param plain the JSON that plain subscribers get
 */
record Frame(
        GroupId group,
        @Nullable String id,
        String type,
        long timestamp,
        PushCodec.Position position,
        TextFrame plain) {

    private static final RawJson TRUNCATED = RawJson.of("{\"truncated\":true}");

    static final String CREATE = "create";
    static final String UPDATE = "update";
    static final String DELETE = "delete";
    static final String EVENT = "event";

    /** Null when it is none. */
    static @Nullable Frame read(RawJson text, PushCodec.Position position) {
        Map<String, RawJson> members = new HashMap<>();
        text.forEachMember(members::put);
        Map<String, RawJson> event = new HashMap<>();
        member(members, "event").forEachMember(event::put);
        String stream = member(members, "streamName").text();
        String group = member(members, "groupId").text();
        String type = member(event, "type").text();
        String timestamp = member(members, "timestamp").toString();
        return stream == null || group == null || type == null || !timestamp.matches("\\d{1,18}")
                ? null
                : new Frame(
                        new GroupId(stream, group),
                        member(members, "id").text(),
                        type,
                        Long.parseLong(timestamp),
                        position,
                        new TextFrame(text));
    }

    /** An event as the log of its group has it. */
    static Frame ofRecord(GroupId group, RawJson record) {
        Map<String, RawJson> members = new HashMap<>();
        record.forEachMember(members::put);
        RawJson event = member(members, "event");
        Map<String, RawJson> inner = new HashMap<>();
        event.forEachMember(inner::put);
        String id = member(members, "id").text();
        long timestamp = Long.parseLong(member(members, "timestamp").toString());
        long offset = Long.parseLong(member(members, "offset").toString());
        RawJson text = text(timestamp, group, id, event);
        return new Frame(
                group,
                id,
                String.valueOf(member(inner, "type").text()),
                timestamp,
                new PushCodec.Position(offset, true),
                new TextFrame(members.containsKey("truncated") ? with(text, TRUNCATED) : text));
    }

    /**
     * As subscriptions get it that know their place (13.2).
     *
     * @param offset null: it has none
     * @param replayed whether it was read from the log
     */
    static RawJson extended(RawJson text, String subscription, @Nullable Long offset, boolean replayed) {
        JsonBuilder more = JsonBuilder.object()
                .member("subscriptionId", subscription)
                .member("offset", offset == null ? RawJson.NULL : RawJson.of(Long.toString(offset)));
        return with(text, (replayed ? more.member("replayed", true) : more).build());
    }

    /** The members of both objects; none of them is empty. */
    static RawJson with(RawJson text, RawJson more) {
        byte[] both = new byte[text.length() + more.length() - 1];
        text.copyTo(both, 0);
        more.copyTo(both, text.length() - 1);
        both[text.length() - 1] = ',';
        return RawJson.of(both);
    }

    RawJson text() {
        return plain.text();
    }

    private static RawJson member(Map<String, RawJson> members, String name) {
        return members.getOrDefault(name, RawJson.NULL);
    }

    /** Whether it tells what an item is now, so that an earlier such frame of the item may be left out. */
    boolean replaces() {
        return type.equals(CREATE) || type.equals(UPDATE);
    }

    /** Whether it is about an item that a sync shows, too. */
    boolean changes() {
        return !type.equals(EVENT);
    }

    /** The members of {@code event}. */
    Map<String, RawJson> event() {
        Map<String, RawJson> members = new HashMap<>();
        plain.text().forEachMember((member, event) -> {
            if (member.equals("event")) {
                event.forEachMember(members::put);
            }
        });
        return members;
    }

    /** The same change for somebody who has not heard of the item's creation. */
    Frame asCreation() {
        RawJson data = member(event(), "data");
        RawJson event = JsonBuilder.object(data.length() + 40)
                .member("type", CREATE)
                .member("data", data)
                .build();
        return new Frame(group, id, CREATE, timestamp, position, new TextFrame(text(timestamp, group, id, event)));
    }

    /** After a join: the item's value, or an array of all values of the group. */
    static RawJson sync(long timestamp, GroupId group, @Nullable String item, RawJson data) {
        RawJson event = JsonBuilder.object(data.length() + 40)
                .member("type", "sync")
                .member("data", data)
                .build();
        return text(timestamp, group, item, event);
    }

    /** A join was refused. */
    static RawJson unauthorized(GroupId group, @Nullable String item) {
        return text(
                System.currentTimeMillis(),
                group,
                item,
                JsonBuilder.object().member("type", "unauthorized").build());
    }

    /** How frames call an error: in capitals. */
    static String code(ErrorBody error) {
        return error.code().equals(ErrorCode.DESERIALIZATION_ERROR.code())
                ? "BAD_REQUEST"
                : error.code().toUpperCase(Locale.ROOT);
    }

    /** A join that cannot be served. */
    static RawJson error(GroupId group, @Nullable String item, String code, String message) {
        return text(
                System.currentTimeMillis(),
                group,
                item,
                JsonBuilder.object()
                        .member("type", "error")
                        .member("code", code)
                        .member("message", message)
                        .build());
    }

    /** All six members, always. */
    static RawJson text(long timestamp, GroupId group, @Nullable String id, RawJson event) {
        return JsonBuilder.object(event.length() + 200)
                .member("type", "stream")
                .member("timestamp", timestamp)
                .member("streamName", group.stream())
                .member("groupId", group.group())
                .member("id", id)
                .member("event", event)
                .build();
    }
}
