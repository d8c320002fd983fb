package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.LoggedEvent;
import io.iiikafka.topology.record.EventCodec;
import org.jspecify.annotations.Nullable;

/**
 * What was published.
 *
 * @param offset in its topic, from 1 on
 * @param id unique, and the same when its command is run again
 * @param data any JSON
 * @param timestampMs when, in epoch milliseconds
 * @param publisher the connection that published it; null: no worker did
 * @param key what it is about, as the publisher said; null: nothing was said
 * @param headers an object of texts, as the publisher said; null: none
 * @param ttlMs for so long late subscribers are told of it; 0: as long as it is kept
 */
record PublishedEvent(
        String topic,
        long offset,
        String id,
        RawJson data,
        long timestampMs,
        @Nullable String publisher,
        @Nullable String key,
        @Nullable RawJson headers,
        long ttlMs) {

    /** For handlers that want to know: {@code {"topic":…,"offset":1,"published_at":<epoch ms>,"publisher":…,"key":…}}. */
    RawJson info() {
        return described().build();
    }

    /** The same with {@code data} and, if there are any, {@code headers}. */
    RawJson shown() {
        JsonBuilder shown = described().member("data", data);
        return (headers == null ? shown : shown.member("headers", headers)).build();
    }

    private JsonBuilder described() {
        return JsonBuilder.object(data.length() + topic.length() + 200)
                .member("topic", topic)
                .member("offset", offset)
                .member("published_at", timestampMs)
                .member("publisher", publisher)
                .member("key", key);
    }

    boolean isOver(long nowMs) {
        return ttlMs > 0 && nowMs - timestampMs >= ttlMs;
    }

    /** The record for other applications: a CloudEvent whose data is the value. */
    LoggedEvent logged(@Nullable String traceparent) {
        return new LoggedEvent(
                LoggedEvent.Log.PUBLISHED,
                key == null ? topic : topic + '/' + key,
                data,
                timestampMs,
                EventCodec.headers(id, topic, offset, publisher, traceparent, headers, timestampMs));
    }

    /** As it is kept. */
    RawJson stored() {
        JsonBuilder json = JsonBuilder.object(data.length() + 200)
                .member("id", id)
                .member("at", timestampMs)
                .member("ttl", ttlMs)
                .member("publisher", publisher)
                .member("key", key);
        if (headers != null) {
            json.member("headers", headers);
        }
        return json.member("data", data).build();
    }

    static PublishedEvent of(String topic, long offset, RawJson stored) {
        Input input = Input.of("event", stored);
        return new PublishedEvent(
                topic,
                offset,
                input.text("id"),
                input.require("data"),
                input.integer("at", 0, Long.MAX_VALUE, 0),
                input.optionalText("publisher"),
                input.optionalText("key"),
                input.find("headers"),
                input.integer("ttl", 0, Long.MAX_VALUE, 0));
    }
}
