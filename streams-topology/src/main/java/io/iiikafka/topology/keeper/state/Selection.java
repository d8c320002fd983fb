package io.iiikafka.topology.keeper.state;

import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a list are wanted (spec: state.md 12.2).
 *
 * @param prefix what keys begin with
 * @param after rows after this key, or after where it stood when it was removed; all when that is not known, as in a
 *     sharded scope, or where the history does not reach back so far
 * @param limit at most so many
 */
record Selection(String prefix, @Nullable String after, long limit) {

    static Selection of(Input input) {
        String prefix = input.optionalText("prefix");
        return new Selection(
                prefix == null ? "" : prefix,
                input.optionalText("after"),
                input.integer("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** What one of several partitions must give: where the key stands to go on after, only one of them knows. */
    Selection ofPart() {
        return after == null ? this : new Selection(prefix, null, Integer.MAX_VALUE);
    }
}
