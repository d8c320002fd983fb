package io.iiikafka.topology.keeper.state;

import java.util.List;

import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a list are wanted (spec: state.md 12.2).
 *
 * @param prefix what keys begin with
 * @param after rows after this key; when it is not in the list, all: it may have been removed meanwhile
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

    List<Row> select(List<Row> rows) {
        return rows.subList(start(rows), rows.size()).stream()
                .filter(row -> row.key().startsWith(prefix))
                .limit(limit)
                .toList();
    }

    private int start(List<Row> rows) {
        if (after != null) {
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).key().equals(after)) {
                    return i + 1;
                }
            }
        }
        return 0;
    }
}
