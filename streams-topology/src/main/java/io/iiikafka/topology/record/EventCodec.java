package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Published events as records of {@code events}: CloudEvents in binary mode, whose value is the event's data. */
public final class EventCodec {

    private static final Header SPEC_VERSION = TextHeader.of(HeaderNames.CE_SPECVERSION, "1.0");

    private EventCodec() {}

    /**
     * The headers but for {@code content-type}.
     *
     * @param publisher the connection that published it; null: no worker did
     * @param own an object of texts that the publisher gave; those with names of the engine's or of CloudEvents are left
     *     out; null: none
     */
    public static List<Header> headers(
            String id,
            String topic,
            long offset,
            @Nullable String publisher,
            @Nullable String traceparent,
            @Nullable RawJson own,
            long nowMs) {
        List<Header> headers = new ArrayList<>(12);
        headers.add(SPEC_VERSION);
        headers.add(TextHeader.of(HeaderNames.CE_ID, id));
        headers.add(TextHeader.of(HeaderNames.CE_TYPE, topic));
        headers.add(TextHeader.of(HeaderNames.CE_SOURCE, publisher == null ? "/" : "/workers/" + publisher));
        headers.add(new RecordHeader(HeaderNames.CE_TIME, RecordTime.of(nowMs)));
        headers.add(TextHeader.of(HeaderNames.TOPIC, topic));
        headers.add(TextHeader.of(HeaderNames.OFFSET, offset));
        if (traceparent != null) {
            headers.add(TextHeader.of(HeaderNames.TRACEPARENT, traceparent));
        }
        if (own != null) {
            own.forEachMember((name, value) -> {
                if (!isReserved(name)) {
                    String text = value.text();
                    headers.add(new RecordHeader(name, (text == null ? value.toString() : text).getBytes(UTF_8)));
                }
            });
        }
        return headers;
    }

    private static boolean isReserved(String name) {
        return name.startsWith("ce_")
                || name.startsWith("iii_")
                || name.equals(HeaderNames.CONTENT_TYPE)
                || name.equals(HeaderNames.TRACEPARENT);
    }
}
