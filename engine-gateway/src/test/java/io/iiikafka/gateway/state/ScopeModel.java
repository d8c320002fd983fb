package io.iiikafka.gateway.state;

import static io.iiikafka.gateway.state.ScopeCall.FAILED;
import static io.iiikafka.gateway.state.ScopeCall.NOTHING;
import static io.iiikafka.gateway.state.ScopeCall.REFUSED;
import static io.iiikafka.gateway.state.ScopeCall.SWAPPED;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.iiikafka.gateway.history.SequentialModel;
import org.jspecify.annotations.Nullable;

/**
 * A scope used by one caller at a time, written from the description of state alone: values as JSON text, in the order in
 * which their keys were created.
 */
final class ScopeModel implements SequentialModel<ScopeModel.Scope, ScopeCall, String> {

    /** Of a hot scope: numbers, and arrays of numbers. */
    record Item(String key, String value) {}

    record Scope(List<Item> items) {}

    @Override
    public Scope start() {
        return new Scope(List.of());
    }

    @Override
    public @Nullable Scope step(Scope before, ScopeCall call, @Nullable String answer) {
        Trial trial = new Trial(before.items());
        String expected = trial.run(call);
        return answer == null || answer.equals(expected) ? new Scope(List.copyOf(trial.items)) : null;
    }

    @Override
    public boolean isRead(ScopeCall call, String answer) {
        return switch (call) {
            case ScopeCall.Write write -> answer.endsWith(FAILED) || answer.equals(NOTHING);
            case ScopeCall.Get get -> true;
            case ScopeCall.ListAll list -> true;
            case ScopeCall.CompareAndSet swap -> !answer.equals(SWAPPED);
            case ScopeCall.Transact transact -> answer.equals(REFUSED) || transact.writes().isEmpty();
        };
    }

    /** One call on a copy of the items. */
    private static final class Trial {

        private final List<Item> items;

        Trial(List<Item> items) {
            this.items = new ArrayList<>(items);
        }

        String run(ScopeCall call) {
            return switch (call) {
                case ScopeCall.Delete delete -> remove(delete.key());
                case ScopeCall.Write write -> write(write);
                case ScopeCall.Get get -> shown(get.key());
                case ScopeCall.CompareAndSet swap -> swap(swap);
                case ScopeCall.Transact transact -> transact(transact);
                case ScopeCall.ListAll list ->
                    items.stream().map(Item::value).collect(Collectors.joining(",", "[", "]"));
            };
        }

        private String transact(ScopeCall.Transact transact) {
            if ((find(transact.checked()) >= 0) != transact.there()) {
                return REFUSED;
            }
            StringBuilder results = new StringBuilder();
            transact.writes().forEach(write -> results.append(write(write)));
            results.append(';');
            transact.reads().forEach(key -> results.append(' ').append(shown(key)));
            return results.toString();
        }

        private String swap(ScopeCall.CompareAndSet swap) {
            String current = text(swap.key());
            if (!current.equals(swap.expected())) {
                return "is " + current;
            }
            put(swap.key(), swap.value());
            return SWAPPED;
        }

        /** As part of a transaction a removal, too, is shown as a change. */
        private String write(ScopeCall.Write write) {
            String before = text(write.key());
            String after = switch (write) {
                case ScopeCall.Set set -> set.value();
                case ScopeCall.Delete delete -> "null";
                case ScopeCall.Increment increment -> incremented(before, increment.by());
                case ScopeCall.Append append -> appended(before, append.element());
            };
            if (write instanceof ScopeCall.Delete) {
                remove(write.key());
            } else {
                put(write.key(), after == null ? before : after);
            }
            return ScopeCall.change(before, after == null ? before : after, after == null);
        }

        /** Null: it cannot be. */
        private static @Nullable String incremented(String value, long by) {
            return value.startsWith("[") ? null : Long.toString(value.equals("null") ? by : Long.parseLong(value) + by);
        }

        private static @Nullable String appended(String value, long element) {
            if (value.equals("null") || value.equals("[]")) {
                return "[" + element + "]";
            }
            return value.startsWith("[") ? value.substring(0, value.length() - 1) + "," + element + "]" : null;
        }

        private int find(String key) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).key().equals(key)) {
                    return i;
                }
            }
            return -1;
        }

        private String text(String key) {
            int at = find(key);
            return at < 0 ? "null" : items.get(at).value();
        }

        private String shown(String key) {
            return find(key) < 0 ? NOTHING : text(key);
        }

        private void put(String key, String value) {
            int at = find(key);
            if (at < 0) {
                items.add(new Item(key, value));
            } else {
                items.set(at, new Item(key, value));
            }
        }

        private String remove(String key) {
            String shown = shown(key);
            items.removeIf(item -> item.key().equals(key));
            return shown;
        }
    }
}
