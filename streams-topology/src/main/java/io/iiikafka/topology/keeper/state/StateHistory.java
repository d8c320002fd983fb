package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::history}: who changed what, and why, newest first (spec: state.md 12.5). The cursor is how many changes
 * have been given, and the revision up to which they were looked at, so that later changes do not shift them.
 */
final class StateHistory extends StateFunction {

    private static final long NEWEST = Long.MAX_VALUE;

    private record Change(long revision, long version, RawJson record) {}

    StateHistory(Partitioning partitioning) {
        super("state::history", "List the changes of a scope or a key", partitioning);
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        String key = input.optionalText("key");
        return new Placement.Owner(partitions.owner(new StateKey(input.text("scope"), key == null ? "" : key)));
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        String scope = input.text("scope");
        String key = input.optionalText("key");
        if (key == null && partitioning().isSharded(scope)) {
            throw new Refusal(
                    ErrorCode.CROSS_SCOPE, "Scope '" + scope + "' is sharded: its keys have histories, not all of it.");
        }
        String order = input.optionalText("order");
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw input.misfit("unknown `order`, expected asc or desc");
        }
        boolean ascending = "asc".equals(order);
        long limit = input.integer("limit", 1, 1_000, 100);
        boolean values = input.flag("values", true);
        Cursor cursor = Cursor.of(input, Math.min(draft.scope(scope).revision(), input.integer("to_revision", 0, NEWEST, NEWEST)));
        List<Change> changes = changes(scope, key, input.integer("from_revision", 0, NEWEST, 0), cursor.newest(), draft.history());
        Comparator<Change> byTime = Comparator.comparingLong(Change::revision).thenComparingLong(Change::version);
        changes.sort(ascending ? byTime : byTime.reversed());
        int end = (int) Math.min(changes.size(), cursor.given() + limit);
        JsonBuilder entries = JsonBuilder.array();
        for (Change change : changes.subList(Math.min(cursor.given(), end), end)) {
            entries.element(ChangeRecord.shown(change.record(), values));
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("entries", entries.build())
                .member("next_cursor", end < changes.size() ? new Cursor(end, cursor.newest()).text() : null)
                .member("earliest_revision", draft.scope(scope).forgotten() + 1)
                .build());
    }

    private static List<Change> changes(
            String scope, @Nullable String key, long from, long to, HistoryStore history) {
        List<Change> changes = new ArrayList<>();
        Consumer<RawJson> collect = record -> {
            long[] numbers = new long[2];
            record.forEachMember((name, value) -> {
                switch (name) {
                    case "revision" -> numbers[0] = Long.parseLong(value.toString());
                    case "version" -> numbers[1] = Long.parseLong(value.toString());
                    default -> {} // for the caller
                }
            });
            if (numbers[0] >= from && numbers[0] <= to) {
                changes.add(new Change(numbers[0], numbers[1], record));
            }
        };
        if (key == null) {
            int[] seen = {0};
            LookBudget budget = LookBudget.ofHistory(scope);
            history.forEach(scope, record -> {
                LookLimit.check(
                        ++seen[0],
                        "The history of scope '" + scope + "' has",
                        "ask for the history of one key, or read the topic of all changes (docs/records.md)");
                budget.take(record);
                collect.accept(record);
            });
        } else {
            history.forEach(new StateKey(scope, key), collect);
        }
        return changes;
    }

    private record Cursor(int given, long newest) {

        static Cursor of(Input input, long newest) {
            String text = input.optionalText("cursor");
            if (text == null) {
                return new Cursor(0, newest);
            }
            String[] parts = text.split("-", 2);
            try {
                return new Cursor(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new Refusal(ErrorCode.INVALID_CURSOR, "'" + text + "' is no cursor of state::history; start over.");
            }
        }

        String text() {
            return given + "-" + newest;
        }
    }

    @Override
    public RawJson requestFormat() {
        return StateExtensionSchemas.HISTORY_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateExtensionSchemas.HISTORY;
    }
}
