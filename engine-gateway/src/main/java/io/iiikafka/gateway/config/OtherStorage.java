package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The adapter of an entry, which says where others would keep its data. Here all is kept in Kafka: names and keys
 * are checked, and have no effect.
 *
 * @param worker whose entry it is
 * @param what is kept, for the warning
 * @param adapters the keys of each adapter's {@code config}, by its name
 * @param silent names that are not warned of: they say nothing that is not so
 * @param oldClasses names by which older files know adapters
 */
record OtherStorage(
        String worker,
        String what,
        Map<String, Set<String>> adapters,
        Set<String> silent,
        Map<String, String> oldClasses) {

    /** The entry's config without the adapter. */
    ConfigNode.Mapping without(ConfigNode.Mapping config, Problems problems) {
        List<ConfigNode.Entry> others = config.entries().stream()
                .filter(entry -> !entry.key().equals("adapter"))
                .toList();
        config.entries().stream()
                .filter(entry -> entry.key().equals("adapter") && !entry.value().isNull())
                .forEach(entry -> check(entry, problems));
        return new ConfigNode.Mapping(others, config.where());
    }

    /** Of an entry's {@code adapter} that is not null. */
    void check(ConfigNode.Entry entry, Problems problems) {
        ConfigNode given = entry.value() instanceof ConfigNode.Mapping adapter
                ? adapter.get("name") == null ? adapter.get("class") : adapter.get("name")
                : null;
        String name = given instanceof ConfigNode.Scalar scalar
                ? oldClasses.getOrDefault(scalar.text(), scalar.text())
                : "";
        Set<String> keys = adapters.get(name);
        if (keys == null) {
            problems.error(
                    entry.where(),
                    "adapter of " + worker + " must be one of " + String.join(", ", adapters.keySet().stream().sorted().toList())
                            + " (all are accepted, " + what + " in Kafka in any case)");
            return;
        }
        if (!silent.contains(name)) {
            problems.warn(entry.where(), what + " in Kafka; what '" + name + "' is given has no effect");
        }
        if (entry.value() instanceof ConfigNode.Mapping adapter
                && adapter.get("config") instanceof ConfigNode.Mapping config) {
            for (ConfigNode.Entry key : config.entries()) {
                if (!keys.contains(key.key())) {
                    problems.error(key.where(), worker + ": " + KnownKeys.unknown(key.key(), List.copyOf(keys)));
                }
            }
        }
    }
}
