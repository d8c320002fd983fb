package io.iiikafka.gateway.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;

/** Telemetry frames begin with four letters that no JSON message begins with (spec: protocol.md 1.7). */
final class Telemetry {

    private static final List<byte[]> PREFIXES =
            List.of("OTLP".getBytes(US_ASCII), "MTRC".getBytes(US_ASCII), "LOGS".getBytes(US_ASCII));

    private Telemetry() {}

    static boolean isTelemetry(byte[] message) {
        for (byte[] prefix : PREFIXES) {
            if (message.length >= 4 && Arrays.equals(message, 0, 4, prefix, 0, 4)) {
                return true;
            }
        }
        return false;
    }
}
