package io.iiikafka.gateway.engine;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** A case-insensitive search for part of a text; no text to search for finds everything (spec: protocol.md 6.1). */
record Search(@Nullable String lowerCase) {

    static Search of(@Nullable String text) {
        return new Search(text == null || text.isEmpty() ? null : text.toLowerCase(Locale.ROOT));
    }

    boolean finds(@Nullable String... texts) {
        if (lowerCase == null) {
            return true;
        }
        for (String text : texts) {
            if (text != null && text.toLowerCase(Locale.ROOT).contains(lowerCase)) {
                return true;
            }
        }
        return false;
    }

    /** 0: the id begins with the text or has a segment equal to it; 1: it contains it; 2: found elsewhere. */
    int rank(String id) {
        if (lowerCase == null) {
            return 0;
        }
        String lower = id.toLowerCase(Locale.ROOT);
        if (lower.startsWith(lowerCase)) {
            return 0;
        }
        for (String segment : lower.split("::")) {
            if (segment.equals(lowerCase)) {
                return 0;
            }
        }
        return lower.contains(lowerCase) ? 1 : 2;
    }
}
