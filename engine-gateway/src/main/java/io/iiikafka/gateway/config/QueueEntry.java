package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The {@code adapter} of a queue entry: jobs are kept in Kafka whatever it says, but some of its keys are defaults of
 * subscriptions (spec: queue.md 8.1, 8.4).
 */
final class QueueEntry {

    private static final Map<String, String> OLD_ADAPTERS = Map.of(
            "modules::queue::BuiltinQueueAdapter", "builtin",
            "modules::queue::RabbitMQAdapter", "rabbitmq");
    private static final Map<String, String> BUILTIN = Map.of(
            "max_attempts", "max_attempts", "backoff_ms", "backoff_ms", "concurrency", "concurrency", "mode", "mode");
    private static final Map<String, String> RABBITMQ =
            Map.of("max_attempts", "max_attempts", "queue_mode", "mode", "priority_field", "priority_field");

    private QueueEntry() {}

    /** The entry's config with what counts of the adapter as {@code subscriptions.…}. */
    static ConfigNode.Mapping flattened(String name, ConfigNode.Mapping config, Problems problems) {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        for (ConfigNode.Entry entry : config.entries()) {
            if (!entry.key().equals("adapter")) {
                entries.add(entry);
            } else if (!entry.value().isNull()) {
                adapter(name, entry, problems).forEach(entries::add);
            }
        }
        return new ConfigNode.Mapping(entries, config.where());
    }

    private static Stream<ConfigNode.Entry> adapter(String name, ConfigNode.Entry entry, Problems problems) {
        if (!(entry.value() instanceof ConfigNode.Mapping adapter)) {
            problems.error(entry.where(), "adapter of " + name + " must hold keys and values: {name: builtin}");
            return Stream.empty();
        }
        problems.warn(entry.where(), "jobs are kept in Kafka; of the adapter only what it says of attempts counts");
        ConfigNode given = adapter.get("name") == null ? adapter.get("class") : adapter.get("name");
        String kind = given instanceof ConfigNode.Scalar scalar
                ? OLD_ADAPTERS.getOrDefault(scalar.text(), scalar.text())
                : "builtin";
        Map<String, String> keys =
                switch (kind) {
                    case "builtin", "in_memory", "file_based" -> BUILTIN;
                    case "rabbitmq" -> RABBITMQ;
                    default -> Map.of();
                };
        return adapter.get("config") instanceof ConfigNode.Mapping config
                ? config.entries().stream()
                        .filter(key -> keys.containsKey(key.key()))
                        .map(key -> new ConfigNode.Entry(
                                "subscriptions." + keys.get(key.key()), mode(key.value()), key.where()))
                : Stream.empty();
    }

    /** What one adapter calls standard is concurrent with the other. */
    private static ConfigNode mode(ConfigNode value) {
        return value instanceof ConfigNode.Scalar scalar && scalar.text().equals("standard")
                ? new ConfigNode.Scalar("concurrent", scalar.quoted(), scalar.where())
                : value;
    }
}
