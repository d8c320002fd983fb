package io.iiikafka.gateway.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The formats that triggers may name.
 *
 * @param configured deserializers on the class path, by the names of their formats
 */
record Formats(Map<String, ConfiguredDeserializer> configured) {

    /** In order. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(Format.Plain.NAMES);
        names.addAll(new TreeMap<>(configured).keySet());
        return names;
    }

    /** @param key whether it is for keys, which some deserializers want to know */
    Format of(String name, boolean key) {
        Format.@Nullable Plain plain = Format.Plain.of(name);
        return plain == null ? requireNonNull(configured.get(name)).open(key) : plain;
    }
}
