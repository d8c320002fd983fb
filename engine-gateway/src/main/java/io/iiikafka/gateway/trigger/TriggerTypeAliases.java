package io.iiikafka.gateway.trigger;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names by which older clients know trigger types (spec: protocol.md 13.1). A type of the very name comes first. */
final class TriggerTypeAliases {

    private static final Map<String, String> CURRENT =
            Map.of("queue", "durable:subscriber", "event", "durable:subscriber", "pubsub", "subscribe");

    private TriggerTypeAliases() {}

    /** The types that may be meant, in order. */
    static List<String> meantBy(String name) {
        String current = CURRENT.get(name);
        return current == null ? List.of(name) : List.of(name, current);
    }

    /** All names that may mean the type. */
    static Stream<String> namesOf(String typeId) {
        Stream<String> old = CURRENT.entrySet().stream()
                .filter(alias -> alias.getValue().equals(typeId))
                .map(Map.Entry::getKey);
        return Stream.concat(Stream.of(typeId), old);
    }
}
