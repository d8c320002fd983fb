package io.iiikafka.topology.update;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Where an operation works: names of members, each literal, from the outermost value inwards. None: the value itself.
 */
public record UpdatePath(List<String> segments) {

    static final Set<String> FORBIDDEN = Set.of("__proto__", "constructor", "prototype");

    private static final int MOST_SEGMENTS = 32;
    private static final int LONGEST_SEGMENT = 256;

    static final UpdatePath ROOT = new UpdatePath(List.of());

    /** A path that is one text: one name, dots and all; the empty text is the root. */
    static UpdatePath of(String name) {
        return name.isEmpty() ? ROOT : new UpdatePath(List.of(name));
    }

    boolean isRoot() {
        return segments.isEmpty();
    }

    String last() {
        return segments.getLast();
    }

    /** What messages call a path of at most one name. */
    String label() {
        return isRoot() ? "root" : last();
    }

    /** @throws Misstep when a limit is passed or a name is forbidden (spec: state.md 4.2) */
    void check(String type) throws Misstep {
        if (segments.size() > MOST_SEGMENTS) {
            throw new Misstep(
                    type + ".path.too_deep", "Path depth " + segments.size() + " exceeds maximum of " + MOST_SEGMENTS);
        }
        for (String segment : segments) {
            check(type, segment);
        }
    }

    private static void check(String type, String segment) throws Misstep {
        if (segment.isEmpty()) {
            throw new Misstep(type + ".path.empty_segment", "Path contains an empty segment");
        }
        int bytes = segment.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_SEGMENT) {
            throw new Misstep(
                    type + ".path.segment_too_long",
                    "Path segment of " + bytes + " bytes exceeds maximum of " + LONGEST_SEGMENT);
        }
        if (FORBIDDEN.contains(segment)) {
            throw new Misstep(
                    type + ".path.proto_polluted",
                    "Path segment '" + segment + "' is not allowed (prototype pollution).");
        }
    }
}
