package io.iiikafka.bench.floor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The least that a call needs in its headers: which one it is, and the slot that waits for the answer. */
final class FloorRecord {

    private static final String ID = "ce_id";
    private static final String SLOT = "iii_slot";

    private FloorRecord() {}

    static List<Header> headers(String id, int slot) {
        return List.of(
                new RecordHeader(ID, id.getBytes(US_ASCII)),
                new RecordHeader(SLOT, ByteBuffer.allocate(4).putInt(slot).array()));
    }

    static String id(Headers headers) {
        return new String(headers.lastHeader(ID).value(), US_ASCII);
    }

    static int slot(Headers headers) {
        return ByteBuffer.wrap(headers.lastHeader(SLOT).value()).getInt();
    }
}
