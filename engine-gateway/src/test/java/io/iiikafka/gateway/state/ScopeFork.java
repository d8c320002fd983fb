package io.iiikafka.gateway.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A fork of a scope as the description has it: its own copy.
 *
 * @param base what its parent held when it was made
 * @param now what it holds
 */
record ScopeFork(List<ScopeItems.Item> base, List<ScopeItems.Item> now) {

    /**
     * @param applied keys that were changed in the parent
     * @param conflicts keys that both have changed
     */
    record Merge(boolean done, List<String> applied, List<String> conflicts) {}

    static ScopeFork of(ScopeItems parent) {
        return new ScopeFork(parent.items(), parent.items());
    }

    ScopeItems items() {
        return new ScopeItems(now, Map.of());
    }

    ScopeFork with(ScopeItems changed) {
        return new ScopeFork(base, changed.items());
    }

    Merge merge(ScopeItems parent, String strategy) {
        List<String> changed = changed();
        List<String> conflicts = changed.stream()
                .filter(key -> !Objects.equals(find(base, key), parent.find(key)))
                .toList();
        boolean done = conflicts.isEmpty() || !strategy.equals("fail");
        List<String> applied = !done
                ? List.of()
                : changed.stream().filter(key -> strategy.equals("fork_wins") || !conflicts.contains(key)).toList();
        for (String key : applied) {
            ScopeItems.Item item = find(now, key);
            if (item == null) {
                parent.remove(key);
            } else {
                parent.put(key, item.value());
            }
        }
        return new Merge(done, applied, conflicts);
    }

    /** In the order of its list; removed keys come last. */
    private List<String> changed() {
        List<String> keys = now.stream().map(ScopeItems.Item::key).collect(Collectors.toCollection(ArrayList::new));
        TreeSet<String> removed = new TreeSet<>();
        base.forEach(item -> removed.add(item.key()));
        keys.forEach(removed::remove);
        keys.removeIf(key -> Objects.equals(value(find(base, key)), value(find(now, key))));
        keys.addAll(removed);
        return keys;
    }

    private static ScopeItems.@Nullable Item find(List<ScopeItems.Item> items, String key) {
        return items.stream().filter(item -> item.key().equals(key)).findFirst().orElse(null);
    }

    private static @Nullable String value(ScopeItems.@Nullable Item item) {
        return item == null ? null : item.value();
    }
}
