package io.iiikafka.topology.keeper.pubsub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
import org.jspecify.annotations.Nullable;

/**
 * Which topics a subscription hears of.
 *
 * @param names exactly these; with a pattern, what it was written as
 * @param pattern segments and, between them, separators, for example {@code orders}, {@code ::}, {@code *}; null: the names
 *     alone count
 */
record TopicChoice(Set<String> names, @Nullable List<String> pattern) {

    private static final Pattern SEPARATORS = Pattern.compile("::|\\.");
    private static final String SEGMENT = "*";
    private static final String REST = "**";

    static TopicChoice of(Set<String> names) {
        return new TopicChoice(names, null);
    }

    /**
     * Topics by segments, which {@code .} or {@code ::} separate: {@code *} stands for one segment, {@code **}, at the end
     * only, for one or more.
     *
     * @param members whose {@code topic} it is
     */
    static TopicChoice wildcard(String text, TriggerMembers members) throws InvalidTriggerException {
        List<String> parts = new ArrayList<>();
        int from = 0;
        var separators = SEPARATORS.matcher(text);
        while (separators.find()) {
            parts.add(text.substring(from, separators.start()));
            parts.add(separators.group());
            from = separators.end();
        }
        if (parts.contains(REST)) {
            throw members.invalid("`**` stands for the rest of a topic, so only at the end of `topic`");
        }
        parts.add(text.substring(from));
        return new TopicChoice(Set.of(text), List.copyOf(parts));
    }

    /** The only one; null: there may be several. */
    @Nullable String only() {
        return pattern == null && names.size() == 1 ? names.iterator().next() : null;
    }

    boolean matches(String topic) {
        return pattern == null ? names.contains(topic) : matches(pattern, topic);
    }

    /** In one pass and one frame, however long the topic is: it is the publisher's. */
    private static boolean matches(List<String> pattern, String topic) {
        int at = 0;
        for (String part : pattern) {
            if (part.equals(REST)) {
                return at < topic.length();
            }
            int end = part.equals(SEGMENT) ? segmentEnd(topic, at) : at + part.length();
            if (part.equals(SEGMENT) ? end == at : !topic.startsWith(part, at)) {
                return false;
            }
            at = end;
        }
        return at == topic.length();
    }

    private static int segmentEnd(String topic, int from) {
        int end = from;
        while (end < topic.length() && topic.charAt(end) != '.' && !topic.startsWith("::", end)) {
            end++;
        }
        return end;
    }

    /** Those that are there without a look at what was published. */
    List<String> exact() {
        return pattern == null ? List.copyOf(names) : List.of();
    }
}
