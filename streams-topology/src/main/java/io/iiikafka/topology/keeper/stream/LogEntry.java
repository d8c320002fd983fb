package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * An event as the log of its group keeps it.
 *
 * @param order where its item stands in the list of the group; 0: it is about no item
 * @param record as {@code stream-events} has it
 */
record LogEntry(long offset, long order, RawJson record) {

    /** Those that every event has. */
    private RawJson member(String name) {
        return requireNonNull(member(record, name), name);
    }

    private static @Nullable RawJson member(RawJson object, String name) {
        RawJson[] found = new RawJson[1];
        object.forEachMember((member, value) -> {
            if (member.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    long timestampMs() {
        return Long.parseLong(member("timestamp").toString());
    }

    /** The item that it is about, or null. */
    @Nullable String id() {
        return member("id").text();
    }

    String eventId() {
        return requireNonNull(member("event_id").text());
    }

    /** {@code create}, {@code update}, {@code delete} or {@code event}. */
    String type() {
        return requireNonNull(requireNonNull(member(event(), "type")).text());
    }

    /** The item's value; of a deletion, what it was. Null where it was too long to be kept. */
    @Nullable RawJson data() {
        return member(event(), "data");
    }

    /** The event as subscribers saw it. */
    RawJson event() {
        return member("event");
    }

    /**
     * @param item null: any, and what is about none
     * @param types empty: any
     */
    boolean matches(@Nullable String item, Set<String> types) {
        return (item == null || item.equals(id())) && (types.isEmpty() || types.contains(type()));
    }
}
