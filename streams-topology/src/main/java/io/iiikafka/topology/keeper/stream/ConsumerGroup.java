package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as it was created (spec: stream.md 13.4).
 *
 * @param id unique: a group of the same name that is created later has another
 * @param ordering {@code group}, {@code item} or {@code none}
 * @param types only events of these types; empty: all
 * @param item only events of this item; null: all
 * @param maxAttempts deliveries after which an event is a dead letter; 0: no limit
 * @param start where the groups begin that were there already
 */
record ConsumerGroup(
        String id,
        String ordering,
        Set<String> types,
        @Nullable String item,
        long maxAttempts,
        RawJson start) {

    static final String BY_GROUP = "group";
    static final String BY_ITEM = "item";
    static final String UNORDERED = "none";

    private static final RawJson LATEST = RawJson.of("\"latest\"");

    /** What the first use asks for. */
    static ConsumerGroup first(Input input, String id) {
        String ordering = ordering(input);
        RawJson start = input.find("start");
        LogStart.of(input, "start"); // refuses what is none
        return new ConsumerGroup(
                id,
                ordering == null ? BY_GROUP : ordering,
                LogFunction.types(input),
                input.optionalText("item_id"),
                attempts(input),
                start == null || start.isNull() ? LATEST : start);
    }

    private static @Nullable String ordering(Input input) {
        String ordering = input.optionalText("ordering");
        if (ordering != null && !List.of(BY_GROUP, BY_ITEM, UNORDERED).contains(ordering)) {
            throw input.misfit("`ordering` must be \"group\", \"item\" or \"none\"");
        }
        return ordering;
    }

    private static long attempts(Input input) {
        return input.integer("max_attempts", 0, Integer.MAX_VALUE, 0);
    }

    /** The name of what a later use asks for, and what was created otherwise; null: it fits. */
    @Nullable String conflict(Input input) {
        String wanted = ordering(input);
        if (wanted != null && !wanted.equals(ordering)) {
            return "ordering";
        }
        if (isGiven(input, "types") && !LogFunction.types(input).equals(types)) {
            return "types";
        }
        if (input.optionalText("item_id") != null && !input.text("item_id").equals(item)) {
            return "item_id";
        }
        return isGiven(input, "max_attempts") && attempts(input) != maxAttempts ? "max_attempts" : null;
    }

    private static boolean isGiven(Input input, String name) {
        RawJson member = input.find(name);
        return member != null && !member.isNull();
    }

    /** Ids are positions in one partition's log, where they tell; others are no older. */
    boolean isNewerThan(ConsumerGroup other) {
        int partition = id.indexOf(':') + 1;
        if (partition == 0 || !other.id.startsWith(id.substring(0, partition))) {
            return !id.equals(other.id);
        }
        return Long.parseLong(id.substring(partition)) > Long.parseLong(other.id.substring(partition));
    }

    RawJson toJson() {
        JsonBuilder list = JsonBuilder.array();
        new TreeSet<>(types).forEach(list::element);
        return JsonBuilder.object()
                .member("id", id)
                .member("ordering", ordering)
                .member("types", list.build())
                .member("item_id", item)
                .member("max_attempts", maxAttempts)
                .member("start", start)
                .build();
    }

    /** Reads {@link #toJson()}. */
    static ConsumerGroup read(Input note) {
        return new ConsumerGroup(
                note.text("id"),
                note.text("ordering"),
                LogFunction.types(note),
                note.optionalText("item_id"),
                attempts(note),
                note.require("start"));
    }
}
