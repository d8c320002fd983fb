package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 300ms}, {@code 15s}, {@code 5m}, {@code 1h}, {@code 7d}; bare:
 * milliseconds. Up to 292 years: more has no number of nanoseconds, which timers count in.
 */
final class DurationText {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)?");

    private DurationText() {}

    /** Fails with an {@link ArithmeticException} when it is too long. */
    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text);
        }
        long number = Long.parseLong(form.group(1));
        Duration duration = switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            case null, default -> Duration.ofMillis(number);
        };
        return Duration.ofNanos(duration.toNanos());
    }

    static String format(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 1_000 != 0 || ms == 0) {
            return ms + "ms";
        }
        long s = ms / 1_000;
        if (s % 3_600 == 0) {
            return s / 3_600 + "h";
        }
        return s % 60 == 0 ? s / 60 + "m" : s + "s";
    }
}
