package io.iiikafka.topology.keeper.stream;

import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a stream that a caller wants: those behind one by code point, the first of them. Keys are in that order,
 * but for the {@code /} of an id, which is written {@code %2F} and so comes before {@code &} to {@code .}.
 *
 * @param after the id behind which they begin; null: at the first
 * @param limit how many
 */
record GroupWindow(@Nullable String after, long limit) {

    static final GroupWindow ALL = new GroupWindow(null, Integer.MAX_VALUE);

    /** Of the members {@code after} and {@code limit}. */
    static GroupWindow of(Input input) {
        return new GroupWindow(
                input.optionalText("after"), input.integer("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** Behind the key of the stream; no key before it is of a group that is wanted. */
    String firstKey() {
        if (after == null) {
            return "";
        }
        for (int i = 0; i < after.length(); i++) {
            if (after.charAt(i) >= '&' && after.charAt(i) < '/') {
                return StreamGroup.escape(after.substring(0, i) + "/");
            }
        }
        return StreamGroup.escape(after);
    }

    boolean isAfter(String group) {
        return after == null || StreamGroupsPart.BY_CODE_POINT.compare(group, after) > 0;
    }

    /** Whether all groups with greater keys come behind it, so that it is one of the first. */
    boolean counts(String group) {
        return group.indexOf('/') < 0;
    }
}
