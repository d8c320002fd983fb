package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Jobs as records of their queue's topic: no key, the value is the payload untouched, all else stands in {@linkplain
 * HeaderNames headers}. Whoever writes such a record enqueues a job: no header is needed when the queue names a function.
 */
public final class JobCodec {

    private static final Header SPEC_VERSION = TextHeader.of(HeaderNames.CE_SPECVERSION, "1.0");
    private static final Header JSON = TextHeader.of(HeaderNames.CONTENT_TYPE, "application/json");

    /**
     * What the headers say.
     *
     * @param enqueuedAtMs 0: they do not
     */
    public record Head(
            @Nullable String receipt,
            @Nullable String function,
            String namespace,
            long enqueuedAtMs,
            @Nullable String traceparent,
            @Nullable String baggage,
            @Nullable RawJson metadata) {}

    private JobCodec() {}

    /** The record of a job: {@code call} as it is to be made, whose id is the receipt. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, Call call, String source, long nowMs) {
        Header receipt = TextHeader.of(HeaderNames.RECEIPT, call.invocationId());
        Header function = TextHeader.of(HeaderNames.FUNCTION, call.functionId());
        List<Header> headers = new ArrayList<>(13);
        headers.add(SPEC_VERSION);
        headers.add(new RecordHeader(HeaderNames.CE_ID, receipt.value()));
        headers.add(TextHeader.of(HeaderNames.CE_SOURCE, source));
        headers.add(new RecordHeader(HeaderNames.CE_TYPE, function.value()));
        headers.add(new RecordHeader(HeaderNames.CE_TIME, RecordTime.of(nowMs)));
        headers.add(JSON);
        headers.add(receipt);
        headers.add(function);
        headers.add(TextHeader.of(HeaderNames.ENQUEUED_AT, nowMs));
        if (!call.namespace().equals(Call.DEFAULT_NAMESPACE)) {
            headers.add(TextHeader.of(HeaderNames.NAMESPACE, call.namespace()));
        }
        if (call.traceparent() != null) {
            headers.add(TextHeader.of(HeaderNames.TRACEPARENT, call.traceparent()));
        }
        if (call.baggage() != null) {
            headers.add(TextHeader.of(HeaderNames.BAGGAGE, call.baggage()));
        }
        if (call.metadata() != null) {
            headers.add(new RecordHeader(HeaderNames.METADATA, call.metadata().toBytes()));
        }
        RawJson data = call.data() == null ? RawJson.NULL : call.data();
        return new ProducerRecord<>(topic, null, nowMs, null, data.toBytes(), headers);
    }

    /** Reads headers that anybody may have written. */
    public static Head head(Headers headers) {
        String receipt = null;
        String function = null;
        String namespace = null;
        long enqueuedAtMs = 0;
        String traceparent = null;
        String baggage = null;
        RawJson metadata = null;
        for (Header header : headers) {
            switch (header.key()) {
                case HeaderNames.RECEIPT -> receipt = text(header);
                case HeaderNames.FUNCTION -> function = text(header);
                case HeaderNames.NAMESPACE -> namespace = text(header);
                case HeaderNames.ENQUEUED_AT -> enqueuedAtMs = TextHeader.number(header, 0);
                case HeaderNames.TRACEPARENT -> traceparent = text(header);
                case HeaderNames.BAGGAGE -> baggage = text(header);
                case HeaderNames.METADATA -> metadata = header.value() == null ? null : RawJson.parse(header.value());
                default -> {} // unknown headers belong to others
            }
        }
        return new Head(
                receipt,
                function,
                namespace == null ? Call.DEFAULT_NAMESPACE : namespace,
                enqueuedAtMs,
                traceparent,
                baggage,
                metadata);
    }

    /** Null when it says nothing. */
    private static @Nullable String text(Header header) {
        byte[] value = header.value();
        String text = value == null ? "" : new String(value, UTF_8).strip();
        return text.isEmpty() ? null : text;
    }
}
