package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;

/** One key of a listed scope. */
record Row(String key, RawJson value, long order, long version) {

    private static final Comparator<Row> BY_ORDER = Comparator.comparingLong(Row::order);

    /** All keys of a scope, as they were first set; refused when they take too much memory. */
    static List<Row> of(StateView view, String scope) {
        List<Row> rows = new ArrayList<>();
        LookBudget budget = LookBudget.ofScope(scope);
        view.forEach(scope, (key, entry) -> {
            budget.take(key, entry);
            rows.add(new Row(key, entry.value(), entry.order(), entry.version()));
        });
        rows.sort(BY_ORDER);
        return rows;
    }
}
