package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of a socket, by which it is found again.
 *
 * @param gateway that holds the socket; no other process ever has its id
 * @param connection the gateway's name for the socket; without {@code /}
 * @param id chosen by the client
 */
record Subscriber(StreamGroup group, String gateway, String connection, String id) {

    static final String PREFIX = "sub/";

    /** The name of its note: {@code sub/<stream>/<group>/<gateway>/<connection>/<id>}. */
    String noteName() {
        return PREFIX + group.itemPrefix() + gateway + '/' + connection + '/' + id;
    }

    /** Reads {@link #noteName()}. */
    static Subscriber parse(String noteName) {
        String[] parts = noteName.split("/", 6);
        return new Subscriber(StreamGroup.parse(parts[1] + '/' + parts[2]), parts[3], parts[4], parts[5]);
    }

    /** What is noted of it. */
    static RawJson note(@Nullable String item, @Nullable RawJson context) {
        return JsonBuilder.object().member("id", item).member("context", context).build();
    }

    /** What triggers of type {@code stream:leave} get (spec: stream.md 6.2): exactly these five members. */
    RawJson payload(RawJson note) {
        JsonBuilder payload = JsonBuilder.object()
                .member("subscription_id", id)
                .member("stream_name", group.stream())
                .member("group_id", group.group());
        note.forEachMember(payload::member);
        return payload.build();
    }
}
