package io.iiikafka.topology.keeper.pubsub;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which topics a subscription hears of.
 *
 * @param names exactly these; with a pattern, what it was written as
 * @param pattern null: the names alone count
 */
record TopicChoice(Set<String> names, @Nullable Pattern pattern) {

    private static final Pattern SEPARATORS = Pattern.compile("::|\\.");

    static TopicChoice of(Set<String> names) {
        return new TopicChoice(names, null);
    }

    /**
     * Topics by segments, which {@code .} or {@code ::} separate: {@code *} stands for one segment, {@code **}, at the end,
     * for one or more.
     */
    static TopicChoice wildcard(String text) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        var separators = SEPARATORS.matcher(text);
        while (separators.find()) {
            segment(text.substring(from, separators.start()), regex);
            regex.append(Pattern.quote(separators.group()));
            from = separators.end();
        }
        segment(text.substring(from), regex);
        return new TopicChoice(Set.of(text), Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    private static void segment(String segment, StringBuilder regex) {
        switch (segment) {
            case "*" -> regex.append("(?:(?!::|\\.).)+");
            case "**" -> regex.append(".+");
            default -> regex.append(Pattern.quote(segment));
        }
    }

    /** The only one; null: there may be several. */
    @Nullable String only() {
        return pattern == null && names.size() == 1 ? names.iterator().next() : null;
    }

    boolean matches(String topic) {
        return pattern == null ? names.contains(topic) : pattern.matcher(topic).matches();
    }

    /** Those that are there without a look at what was published. */
    List<String> exact() {
        return pattern == null ? List.copyOf(names) : List.of();
    }
}
