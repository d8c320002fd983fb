package io.iiikafka.topology.topics;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A share group with what Kafka must hold for it before anybody reads. {@code purpose} is for the administrator. */
public record GroupSpec(String name, SortedMap<String, String> configs, String purpose) {

    public GroupSpec(String name, Map<String, String> configs, String purpose) {
        this(name, new TreeMap<>(configs), purpose);
    }
}
