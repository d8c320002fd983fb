package io.iiikafka.topology.keeper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.HeaderNames;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What stands beside a value in its record's headers: public, as decimal text. */
final class EntryHeaders {

    private EntryHeaders() {}

    static Headers of(StateEntry entry) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, HeaderNames.VERSION, entry.version());
        add(headers, HeaderNames.ORDER, entry.order());
        add(headers, HeaderNames.REVISION, entry.revision());
        if (entry.expiresAtMs() != 0) {
            add(headers, HeaderNames.EXPIRES_AT, entry.expiresAtMs());
        }
        return headers;
    }

    private static void add(Headers headers, String name, long value) {
        headers.add(name, Long.toString(value).getBytes(UTF_8));
    }

    static StateEntry read(RawJson value, long timestampMs, Headers headers) {
        long version = 0;
        long order = 0;
        long revision = 0;
        long expiresAt = 0;
        for (Header header : headers) {
            switch (header.key()) {
                case HeaderNames.VERSION -> version = number(header);
                case HeaderNames.ORDER -> order = number(header);
                case HeaderNames.REVISION -> revision = number(header);
                case HeaderNames.EXPIRES_AT -> expiresAt = number(header);
                default -> {} // for readers of the topic
            }
        }
        return new StateEntry(value, version, order, revision, timestampMs, expiresAt);
    }

    private static long number(Header header) {
        return Long.parseLong(new String(header.value(), UTF_8));
    }
}
