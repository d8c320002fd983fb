package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The keys of an {@code iii-stream} entry that are not settings as they stand there. */
final class StreamEntry {

    private static final Map<String, String> OLD_ADAPTERS = Map.of(
            "modules::stream::adapters::KvStore", "kv",
            "modules::stream::adapters::RedisAdapter", "redis",
            "modules::stream::adapters::Bridge", "bridge");
    private static final Map<String, Set<String>> ADAPTERS = Map.of(
            "kv", Set.of("store_method", "file_path", "save_interval_ms", "channel_size"),
            "redis", Set.of("redis_url"),
            "bridge", Set.of("bridge_url"));

    private StreamEntry() {}

    /** The entry's config with {@code replay: {enabled: …}} as {@code replay.enabled}, and without what has no effect. */
    static ConfigNode.Mapping flattened(ConfigNode.Mapping config, Problems problems) {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        for (ConfigNode.Entry entry : config.entries()) {
            switch (entry.key()) {
                case "adapter" -> adapter(entry, problems).forEach(entries::add);
                case "replay" -> replay(entry, problems).forEach(entries::add);
                default -> entries.add(entry);
            }
        }
        return new ConfigNode.Mapping(entries, config.where());
    }

    private static Stream<ConfigNode.Entry> replay(ConfigNode.Entry entry, Problems problems) {
        if (entry.value() instanceof ConfigNode.Mapping replay) {
            return replay.entries().stream()
                    .map(key -> new ConfigNode.Entry("replay." + key.key(), key.value(), key.where()));
        }
        if (!entry.value().isNull()) {
            problems.error(entry.where(), "replay of " + StreamConfig.WORKER_NAME + " must hold keys and values");
        }
        return Stream.empty();
    }

    private static Stream<ConfigNode.Entry> adapter(ConfigNode.Entry entry, Problems problems) {
        if (entry.value().isNull()) {
            return Stream.empty();
        }
        ConfigNode given = entry.value() instanceof ConfigNode.Mapping adapter
                ? adapter.get("name") == null ? adapter.get("class") : adapter.get("name")
                : null;
        String name = given instanceof ConfigNode.Scalar scalar
                ? OLD_ADAPTERS.getOrDefault(scalar.text(), scalar.text())
                : "";
        if (!ADAPTERS.containsKey(name)) {
            problems.error(
                    entry.where(),
                    "adapter of " + StreamConfig.WORKER_NAME + " must be 'kv', 'redis' or 'bridge' (all are accepted,"
                            + " streams are kept in Kafka in any case)");
            return Stream.empty();
        }
        problems.warn(entry.where(), "streams are kept in Kafka; what '" + name + "' is given has no effect");
        return entry.value() instanceof ConfigNode.Mapping adapter
                        && adapter.get("config") instanceof ConfigNode.Mapping config
                ? config.entries().stream().filter(key -> isSetting(key, name, problems))
                : Stream.empty();
    }

    private static boolean isSetting(ConfigNode.Entry key, String adapter, Problems problems) {
        Set<String> known = ADAPTERS.getOrDefault(adapter, Set.of());
        if (!known.contains(key.key())) {
            problems.error(key.where(), StreamConfig.WORKER_NAME + ": "
                    + KnownKeys.unknown(key.key(), List.copyOf(known)));
        }
        return key.key().equals("channel_size");
    }
}
