package io.iiikafka.gateway.state;

import static io.iiikafka.gateway.state.ScopeCall.NOTHING;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Values of one scope as one caller at a time changes them, in the order in which their keys were created. */
final class ScopeItems {

    /**
     * @param value JSON text: numbers, arrays of numbers, objects of numbers, null
     * @param version how often the key was changed, removals too
     */
    record Item(String key, String value, long version) {}

    private final List<Item> items;
    private final Map<String, Long> removed;

    /** @param removed versions of keys that are not there any more */
    ScopeItems(List<Item> items, Map<String, Long> removed) {
        this.items = new ArrayList<>(items);
        this.removed = new TreeMap<>(removed);
    }

    List<Item> items() {
        return List.copyOf(items);
    }

    Map<String, Long> removed() {
        return Map.copyOf(removed);
    }

    String values() {
        return items.stream().map(Item::value).collect(Collectors.joining(",", "[", "]"));
    }

    String keys() {
        return items.stream().map(item -> "\"" + item.key() + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    /** As part of a transaction a removal, too, is shown as a change. */
    String write(ScopeCall.Write write) {
        if (write instanceof ScopeCall.Delete delete) {
            String before = text(delete.key());
            remove(delete.key());
            return ScopeCall.change(before, "null", false);
        }
        Item before = find(write.key());
        String value = before == null ? null : before.value();
        String after = switch (write) {
            case ScopeCall.Set set -> set.value();
            case ScopeCall.Delete delete -> throw new IllegalStateException();
            case ScopeCall.Increment increment -> incremented(value, increment.by());
            case ScopeCall.Append append -> appended(value, append.element());
            case ScopeCall.Merge merge -> merged(value, merge.member(), merge.number());
            case ScopeCall.SetMember set -> isObject(value) ? merged(value, set.member(), set.number()) : null;
            case ScopeCall.RemoveMember remove -> without(value, remove.member());
            case ScopeCall.Clear clear -> "null";
        };
        put(write.key(), after == null ? value : after);
        return ScopeCall.change(String.valueOf(value), after == null ? value : after, after == null);
    }

    /** Null: it cannot be. */
    private static @Nullable String incremented(@Nullable String value, long by) {
        if (value == null) {
            return Long.toString(by);
        }
        return Character.isDigit(value.charAt(0)) ? Long.toString(Long.parseLong(value) + by) : null;
    }

    private static @Nullable String appended(@Nullable String value, long element) {
        if (value == null || value.equals("null") || value.equals("[]")) {
            return "[" + element + "]";
        }
        return value.startsWith("[") ? value.substring(0, value.length() - 1) + "," + element + "]" : null;
    }

    /** Of what is no object nothing is changed, and nothing is said. */
    private static String merged(@Nullable String value, String member, long number) {
        return isObject(value) ? object(value).put(member, number).toString() : value;
    }

    private static @Nullable String without(@Nullable String value, String member) {
        return isObject(value) ? object(value).without(member).toString() : null;
    }

    /** What is missing begins as one. */
    private static boolean isObject(@Nullable String value) {
        return value == null || value.startsWith("{");
    }

    private static ObjectNode object(@Nullable String value) {
        return (ObjectNode) RawJson.of(value == null ? "{}" : value).toTree();
    }

    @Nullable Item find(String key) {
        return items.stream().filter(item -> item.key().equals(key)).findFirst().orElse(null);
    }

    String text(String key) {
        Item item = find(key);
        return item == null ? "null" : item.value();
    }

    String shown(String key) {
        Item item = find(key);
        return item == null ? NOTHING : item.value();
    }

    String versioned(String key) {
        Item item = find(key);
        return shown(key) + " v" + (item == null ? removed.getOrDefault(key, 0L) : item.version());
    }

    void put(String key, String value) {
        Item before = find(key);
        if (before == null) {
            Long last = removed.remove(key);
            items.add(new Item(key, value, last == null ? 1 : last + 1));
        } else {
            items.set(items.indexOf(before), new Item(key, value, before.version() + 1));
        }
    }

    String remove(String key) {
        Item before = find(key);
        if (before == null) {
            return NOTHING;
        }
        items.remove(before);
        removed.put(key, before.version() + 1);
        return before.value();
    }
}
