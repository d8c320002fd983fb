package io.iiikafka.topology.condition;

import java.util.Set;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;

/** What conditions are about, which decides the names they know beside the values. */
public enum Subject {
    /** A change of state: all names are texts. */
    STATE(SimpleType.STRING, "scope", "key", "event_type"),
    /**
     * An event of a stream: texts, but an event sent to a group has no {@code item_id}, and only sent ones have a
     * {@code custom_type}. {@code event_type} is {@code created}, {@code updated}, {@code deleted} or {@code event}.
     */
    STREAM(SimpleType.DYN, "stream_name", "group_id", "item_id", "event_type", "custom_type");

    private final CelType type;
    private final Set<String> names;

    Subject(CelType type, String... names) {
        this.type = type;
        this.names = Set.of(names);
    }

    CelType typeOfNames() {
        return type;
    }

    Set<String> names() {
        return names;
    }
}
