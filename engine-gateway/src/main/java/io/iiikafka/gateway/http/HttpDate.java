package io.iiikafka.gateway.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code date} header, formatted once a second. */
final class HttpDate {

    private record Formatted(long second, String text) {}

    private volatile Formatted last = new Formatted(0, "");

    String now() {
        long second = System.currentTimeMillis() / 1_000;
        Formatted known = last;
        if (known.second != second) {
            known = new Formatted(
                    second,
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC)));
            last = known;
        }
        return known.text;
    }
}
