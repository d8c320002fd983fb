package io.iiikafka.topology.keeper.cron;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** {@code @every <duration>}, for example {@code @every 1h30m}. */
final class Every {

    private static final String PREFIX = "@every ";
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d)){1,5}");
    private static final long LEAST_MS = 100;
    private static final long MOST_MS = 365L * 86_400_000;

    private Every() {}

    /** The interval; null when the expression is none, or not one that can be kept. */
    static @Nullable Long millis(String expression) {
        String text = expression.strip().toLowerCase(Locale.ROOT);
        if (!text.startsWith(PREFIX)) {
            return null;
        }
        String duration = text.substring(PREFIX.length()).strip();
        if (!WHOLE.matcher(duration).matches()) {
            return null;
        }
        long all = 0;
        Matcher parts = PART.matcher(duration);
        while (parts.find()) {
            all += Long.parseLong(parts.group(1)) * switch (parts.group(2)) {
                case "ms" -> 1L;
                case "s" -> 1_000L;
                case "m" -> 60_000L;
                case "h" -> 3_600_000L;
                default -> 86_400_000L;
            };
        }
        return all < LEAST_MS || all > MOST_MS ? null : all;
    }
}
