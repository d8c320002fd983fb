package io.iiikafka.topology.keeper.stream;

import java.util.HashMap;
import java.util.Map;
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

    private Map<String, RawJson> members() {
        Map<String, RawJson> members = new HashMap<>();
        record.forEachMember(members::put);
        return members;
    }

    long timestampMs() {
        return Long.parseLong(members().get("timestamp").toString());
    }

    /** The item that it is about, or null. */
    @Nullable String id() {
        return members().get("id").text();
    }

    String eventId() {
        return members().get("event_id").text();
    }

    /** {@code create}, {@code update}, {@code delete} or {@code event}. */
    String type() {
        return event("type").text();
    }

    /** The item's value; of a deletion, what it was. Null where it was too long to be kept. */
    @Nullable RawJson data() {
        return event("data");
    }

    /** The event as subscribers saw it. */
    RawJson event() {
        return members().get("event");
    }

    private @Nullable RawJson event(String name) {
        RawJson[] found = new RawJson[1];
        event().forEachMember((member, value) -> {
            if (member.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    /**
     * @param item null: any, and what is about none
     * @param types empty: any
     */
    boolean matches(@Nullable String item, Set<String> types) {
        return (item == null || item.equals(id())) && (types.isEmpty() || types.contains(type()));
    }
}
