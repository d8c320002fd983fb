package io.iiikafka.topology.topics;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.apache.kafka.clients.admin.NewTopic;

/** One topic as it must be created. {@code purpose} is for the administrator who reads the plan. */
public record TopicSpec(
        String name, int partitions, int replicationFactor, SortedMap<String, String> configs, String purpose) {

    public TopicSpec(
            String name, int partitions, int replicationFactor, Map<String, String> configs, String purpose) {
        this(name, partitions, replicationFactor, new TreeMap<>(configs), purpose);
    }

    public NewTopic toNewTopic() {
        return new NewTopic(name, Optional.of(partitions), Optional.of((short) replicationFactor)).configs(configs);
    }
}
