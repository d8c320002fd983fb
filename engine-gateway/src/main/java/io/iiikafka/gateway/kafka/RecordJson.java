package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Records as handlers get them: {@code {"topic":"orders","partition":0,"offset":17,"timestamp":<epoch ms>,"key":…,
 * "value":…,"headers":{"name":"text"}}}. Of headers of the same name the last counts; a batch is
 * {@code {"records":[…]}}.
 */
record RecordJson(Format keys, Format values) {

    /** A record that cannot be read is told as it is, in Base64, with what is wrong: {@code "error":"the value is not …"}. */
    record Read(RawJson json, @Nullable String error) {}

    Read read(ConsumerRecord<byte[], byte[]> record) {
        JsonBuilder json = place(record, Math.max(0, record.serializedValueSize()) + 300);
        String keyError = member(json, "key", keys, record, record.key());
        String valueError = member(json, "value", values, record, record.value());
        String error = keyError == null ? valueError : keyError;
        json.member("headers", headers(record.headers()));
        return new Read(json.build(), error);
    }

    private static JsonBuilder place(ConsumerRecord<?, ?> record, int capacity) {
        return JsonBuilder.object(capacity)
                .member("topic", record.topic())
                .member("partition", record.partition())
                .member("offset", record.offset())
                .member("timestamp", record.timestamp());
    }

    /** Where it is, without what it holds. */
    static RawJson place(ConsumerRecord<?, ?> record) {
        return place(record, 200).build();
    }

    private static @Nullable String member(
            JsonBuilder json, String name, Format format, ConsumerRecord<byte[], byte[]> record, byte @Nullable [] bytes) {
        if (bytes == null) {
            json.member(name, RawJson.NULL);
            return null;
        }
        try {
            json.member(name, format.read(record.topic(), record.headers(), bytes));
            return null;
        } catch (UnreadableException e) {
            json.member(name, Format.Plain.base64(bytes));
            return "The " + name + " of the record at " + record.topic() + "-" + record.partition() + "@" + record.offset() + " "
                    + e.getMessage();
        }
    }

    private static RawJson headers(Headers headers) {
        JsonBuilder json = JsonBuilder.object();
        for (Header header : headers) {
            if (headers.lastHeader(header.key()) == header && header.value() != null) {
                json.member(header.key(), new String(header.value(), UTF_8));
            }
        }
        return json.build();
    }

    static RawJson batch(List<RawJson> records) {
        JsonBuilder array = JsonBuilder.array();
        records.forEach(array::element);
        return JsonBuilder.object().member("records", array.build()).build();
    }
}
