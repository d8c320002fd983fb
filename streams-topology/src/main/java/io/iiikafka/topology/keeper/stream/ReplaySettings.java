package io.iiikafka.topology.keeper.stream;

import java.util.List;

/**
 * What is kept of the events of streams.
 *
 * @param otherwise for streams that no rule names
 * @param rules the first that matches counts
 * @param consumerGroupTtlMs a consumer group that is not used for this long is removed
 */
public record ReplaySettings(ReplayRule otherwise, List<Named> rules, long consumerGroupTtlMs) {

    public static final ReplaySettings DEFAULT =
            new ReplaySettings(ReplayRule.DEFAULT, List.of(), 30 * 86_400_000L);

    /** Feeds of the engine itself: what reports traces would fill the log with reports of itself. */
    static final String OWN_FEEDS = "iii:devtools:";

    /**
     * A rule for some streams.
     *
     * @param pattern the name of a stream, or with a {@code *} at its end what names begin with
     */
    public record Named(String pattern, ReplayRule rule) {

        boolean matches(String stream) {
            return pattern.endsWith("*")
                    ? stream.startsWith(pattern.substring(0, pattern.length() - 1))
                    : stream.equals(pattern);
        }
    }

    ReplayRule of(String stream) {
        for (Named rule : rules) {
            if (rule.matches(stream)) {
                return rule.rule();
            }
        }
        return stream.startsWith(OWN_FEEDS) ? ReplayRule.OFF : otherwise;
    }
}
