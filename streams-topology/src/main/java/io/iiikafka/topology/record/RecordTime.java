package io.iiikafka.topology.record;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** {@code ce_time} values; calls come in bursts, so the text of the current millisecond is kept. */
final class RecordTime {

    private record Stamp(long epochMs, byte[] text) {}

    private static volatile Stamp last = stamp(0);

    private RecordTime() {}

    static byte[] of(long epochMs) {
        Stamp stamp = last;
        if (stamp.epochMs != epochMs) {
            stamp = stamp(epochMs);
            last = stamp;
        }
        return stamp.text;
    }

    private static Stamp stamp(long epochMs) {
        return new Stamp(epochMs, Instant.ofEpochMilli(epochMs).toString().getBytes(StandardCharsets.UTF_8));
    }
}
