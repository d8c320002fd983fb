package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Calls and deliveries as Kafka records: the key is the function id, the value the payload's JSON untouched (null when
 * there is none), all else stands in {@linkplain HeaderNames headers}.
 */
public final class CallCodec {

    private static final Header SPEC_VERSION = TextHeader.of(HeaderNames.CE_SPECVERSION, "1.0");
    private static final Header JSON = TextHeader.of(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header SYNC = TextHeader.of(HeaderNames.ACTION, "sync");
    private static final Header VOID = TextHeader.of(HeaderNames.ACTION, "void");

    private static final String WORKERS = "/workers/";

    private CallCodec() {}

    /** The record of a call for {@code topic}; the partition follows from the key. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, RoutedCall routed, long nowMs) {
        Call call = routed.call();
        byte[] functionId = call.functionId().getBytes(UTF_8);
        RawJson data = call.data();
        return new ProducerRecord<>(
                topic, null, nowMs, functionId, data == null ? null : data.toBytes(), headers(routed, functionId, nowMs));
    }

    /** The record of a call for {@code commands}, of which {@code partition}, or if it is null {@code key}, decides. */
    public static ProducerRecord<byte[], byte[]> encode(
            String topic, @Nullable Integer partition, byte @Nullable [] key, RoutedCall routed, long nowMs) {
        Call call = routed.call();
        RawJson data = call.data();
        return new ProducerRecord<>(
                topic,
                partition,
                nowMs,
                key,
                data == null ? null : data.toBytes(),
                headers(routed, call.functionId().getBytes(UTF_8), nowMs));
    }

    /**
     * One record for calls that {@linkplain RoutedCall#goesWith go with} each other, of which there is at least one: the
     * first one's, with an {@link HeaderNames#ALSO} for each of the others.
     */
    public static ProducerRecord<byte[], byte[]> encode(String topic, List<RoutedCall> together, long nowMs) {
        ProducerRecord<byte[], byte[]> record = encode(topic, together.getFirst(), nowMs);
        for (RoutedCall other : together.subList(1, together.size())) {
            record.headers().add(also(other));
        }
        return record;
    }

    private static Header also(RoutedCall other) {
        JsonBuilder also = JsonBuilder.object()
                .member("id", other.call().invocationId())
                .member("function", other.call().functionId());
        if (other.worker() != null) {
            also.member("worker", other.worker());
        }
        if (other.call().metadata() != null) {
            also.member("metadata", other.call().metadata());
        }
        if (other.call().baggage() != null) {
            also.member("baggage", other.call().baggage());
        }
        return new RecordHeader(HeaderNames.ALSO, also.build().toBytes());
    }

    private static List<Header> headers(RoutedCall routed, byte[] functionId, long nowMs) {
        Call call = routed.call();
        Origin origin = routed.origin();
        List<Header> headers = new ArrayList<>(18);
        headers.add(SPEC_VERSION);
        headers.add(TextHeader.of(HeaderNames.CE_ID, call.invocationId()));
        headers.add(TextHeader.of(HeaderNames.CE_SOURCE, source(call, origin)));
        headers.add(new RecordHeader(HeaderNames.CE_TYPE, functionId));
        headers.add(new RecordHeader(HeaderNames.CE_TIME, RecordTime.of(nowMs)));
        headers.add(JSON);
        headers.add(call.reply() ? SYNC : VOID);
        headers.add(TextHeader.of(HeaderNames.DEADLINE, call.deadlineMs()));
        headers.add(TextHeader.of(HeaderNames.POSITION, routed.position()));
        if (origin != null) {
            headers.add(origin.header());
        }
        if (!call.namespace().equals(Call.DEFAULT_NAMESPACE)) {
            headers.add(TextHeader.of(HeaderNames.NAMESPACE, call.namespace()));
        }
        if (routed.hops() > 0) {
            headers.add(TextHeader.of(HeaderNames.HOPS, routed.hops()));
        }
        addIfPresent(headers, HeaderNames.CONDITION, routed.condition());
        addIfPresent(headers, HeaderNames.WORKER, routed.worker());
        addIfPresent(headers, HeaderNames.TOPIC, routed.topic());
        addIfPresent(headers, HeaderNames.TRACEPARENT, call.traceparent());
        addIfPresent(headers, HeaderNames.BAGGAGE, call.baggage());
        if (call.metadata() != null) {
            headers.add(new RecordHeader(HeaderNames.METADATA, call.metadata().toBytes()));
        }
        return headers;
    }

    private static String source(Call call, @Nullable Origin origin) {
        if (call.callerWorkerId() != null) {
            return WORKERS + call.callerWorkerId();
        }
        if (origin == null) {
            return "/";
        }
        return origin.isKeeper() ? "/keeper" : "/gateways/" + origin.gateway();
    }

    private static void addIfPresent(List<Header> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(TextHeader.of(name, value));
        }
    }

    /**
     * Reads a call or a delivery.
     *
     * @return null when the record names no function ({@code ce_type} absent): not a call at all
     */
    public static @Nullable RoutedCall decode(Headers headers, byte @Nullable [] value) {
        Fields fields = new Fields();
        for (Header header : headers) {
            fields.take(header);
        }
        String functionId = fields.functionId;
        return functionId == null ? null : fields.build(functionId, value);
    }

    /** Reads a delivery: all calls that it stands for; none when the record names no function. */
    public static List<RoutedCall> decodeAll(Headers headers, byte @Nullable [] value) {
        RoutedCall first = decode(headers, value);
        if (first == null) {
            return List.of();
        }
        if (first.origin() != null) {
            return List.of(first); // who waits for one outcome must not get several
        }
        List<RoutedCall> all = null;
        for (Header header : headers.headers(HeaderNames.ALSO)) {
            RoutedCall other = other(first, header);
            if (other != null) {
                all = all == null ? new ArrayList<>(List.of(first)) : all;
                all.add(other);
            }
        }
        return all == null ? List.of(first) : all;
    }

    /** Null when the header is not ours. */
    private static @Nullable RoutedCall other(RoutedCall first, Header header) {
        RawJson members = header.value() == null ? null : RawJson.parse(header.value());
        if (members == null || !members.isObject()) {
            return null;
        }
        Also also = new Also();
        members.forEachMember(also::take);
        return also.functionId == null ? null : also.build(first, also.functionId);
    }

    /** The members of an {@link HeaderNames#ALSO}. */
    private static final class Also {
        private String invocationId = "";
        private @Nullable String functionId;
        private @Nullable String worker;
        private @Nullable RawJson metadata;
        private @Nullable String baggage;

        void take(String name, RawJson value) {
            switch (name) {
                case "id" -> invocationId = Fields.orEmpty(value.text());
                case "function" -> functionId = value.text();
                case "worker" -> worker = value.text();
                case "metadata" -> metadata = value;
                case "baggage" -> baggage = value.text();
                default -> {} // a later version's
            }
        }

        RoutedCall build(RoutedCall first, String function) {
            Call call = first.call();
            return new RoutedCall(
                    new Call(
                            invocationId,
                            function,
                            call.namespace(),
                            call.data(),
                            metadata,
                            call.reply(),
                            call.callerWorkerId(),
                            call.traceparent(),
                            baggage,
                            call.deadlineMs()),
                    first.origin(),
                    first.position(),
                    first.hops(),
                    first.condition(),
                    worker,
                    first.topic());
        }
    }

    /** What has been read of the headers so far. */
    private static final class Fields {
        @Nullable String functionId;
        private String invocationId = "";
        private String namespace = Call.DEFAULT_NAMESPACE;
        private @Nullable Origin origin;
        private boolean reply;
        private @Nullable String caller;
        private @Nullable String traceparent;
        private @Nullable String baggage;
        private long deadlineMs = Long.MAX_VALUE;
        private long position;
        private long hops;
        private @Nullable String condition;
        private @Nullable String worker;
        private @Nullable String topic;
        private @Nullable RawJson metadata;

        void take(Header header) {
            switch (header.key()) {
                case HeaderNames.CE_TYPE -> functionId = TextHeader.text(header);
                case HeaderNames.CE_ID -> invocationId = orEmpty(TextHeader.text(header));
                case HeaderNames.NAMESPACE -> namespace = orDefault(TextHeader.text(header));
                case HeaderNames.ORIGIN -> origin = Origin.of(header);
                case HeaderNames.ACTION -> reply = "sync".equals(TextHeader.text(header));
                case HeaderNames.CE_SOURCE -> caller = callingWorker(TextHeader.text(header));
                case HeaderNames.TRACEPARENT -> traceparent = TextHeader.text(header);
                case HeaderNames.BAGGAGE -> baggage = TextHeader.text(header);
                case HeaderNames.DEADLINE -> deadlineMs = TextHeader.number(header, Long.MAX_VALUE);
                case HeaderNames.POSITION -> position = TextHeader.number(header, 0);
                case HeaderNames.HOPS -> hops = TextHeader.number(header, 0);
                case HeaderNames.CONDITION -> condition = TextHeader.text(header);
                case HeaderNames.WORKER -> worker = TextHeader.text(header);
                case HeaderNames.TOPIC -> topic = TextHeader.text(header);
                case HeaderNames.METADATA -> metadata = header.value() == null ? null : RawJson.of(header.value());
                default -> {} // unknown headers belong to others
            }
        }

        RoutedCall build(String functionId, byte @Nullable [] value) {
            Call call = new Call(
                    invocationId,
                    functionId,
                    namespace,
                    value == null ? null : RawJson.of(value),
                    metadata,
                    reply && origin != null,
                    caller,
                    traceparent,
                    baggage,
                    deadlineMs);
            return new RoutedCall(
                    call, origin, position, (int) Math.min(hops, Integer.MAX_VALUE), condition, worker, topic);
        }

        private static @Nullable String callingWorker(@Nullable String source) {
            return source != null && source.startsWith(WORKERS) ? source.substring(WORKERS.length()) : null;
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }

        private static String orDefault(@Nullable String text) {
            return text == null || text.isBlank() ? Call.DEFAULT_NAMESPACE : text;
        }
    }
}
