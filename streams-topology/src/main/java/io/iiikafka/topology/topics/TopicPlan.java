package io.iiikafka.topology.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.queue.ShareGroup;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Every topic that the engine needs, and the permissions.
 *
 * @param prefix of the names of all topics, groups and transactional ids
 * @param topics in the order of a call's path
 * @param groups share groups
 */
public record TopicPlan(String prefix, List<TopicSpec> topics, List<GroupSpec> groups) {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final String QUEUES = new Topics("").queue("");
    private static final Duration SEGMENT_AGE = Duration.ofHours(1);
    private static final int SEGMENTS_PER_RETENTION = 4;

    /** Of topics alone. */
    public TopicPlan(String prefix, List<TopicSpec> topics) {
        this(prefix, topics, List.of());
    }

    /** The plan for settings whose replication factor is decided. */
    public static TopicPlan of(TopicSettings settings) {
        if (settings.replicationFactor() == TopicSettings.AUTO) {
            throw new IllegalArgumentException("The replication factor is still to be decided");
        }
        Topics names = settings.topics();
        int partitions = settings.partitions();
        Map<String, String> log = log(settings);
        List<TopicSpec> topics = new ArrayList<>();
        topics.add(spec(names.invocations(), partitions, settings, log, "calls, as asked"));
        topics.add(spec(names.commands(), partitions, settings, log, "calls of state and the like"));
        topics.add(spec(names.deliveries(), settings.slots(), settings, log, "calls, addressed to gateways"));
        topics.add(spec(names.results(), settings.slots(), settings, log, "outcomes of calls"));
        topics.add(spec(names.catalog(), 1, settings, compacted(settings), "workers, functions, triggers"));
        topics.add(spec(names.streamEvents(), partitions, settings, events(settings), "changes and events of streams"));
        topics.add(spec(names.events(), partitions, settings, log, "published events"));
        for (KeeperStore store : KeeperStore.values()) {
            topics.add(spec(names.changelog(store), partitions, settings, changelog(settings), store.purpose()));
        }
        return new TopicPlan(names.prefix(), List.copyOf(topics));
    }

    /** As {@link #of(TopicSettings)}, with what queues that are topics need, by their names. */
    public static TopicPlan of(TopicSettings settings, Map<String, ShareGroup> queues) {
        TopicPlan plan = of(settings);
        List<TopicSpec> topics = new ArrayList<>(plan.topics());
        List<GroupSpec> groups = new ArrayList<>();
        queues.forEach((name, share) -> {
            topics.add(QueueTopic.topic(
                    settings.topics(), name, share, settings.replicationFactor(), settings.maxRecordBytes()));
            groups.add(QueueTopic.group(settings.topics(), name));
        });
        return new TopicPlan(plan.prefix(), List.copyOf(topics), List.copyOf(groups));
    }

    private static TopicSpec spec(
            String name, int partitions, TopicSettings settings, Map<String, String> configs, String purpose) {
        return new TopicSpec(name, partitions, settings.replicationFactor(), configs, purpose);
    }

    /** Calls and outcomes: kept for a time, so that others can read and replay them. */
    private static Map<String, String> log(TopicSettings settings) {
        Map<String, String> configs = common(settings);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.retention().toMillis()));
        // The newest segment is never deleted, so it must not live much longer than what it holds shall be kept.
        configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT_AGE.toMillis()));
        if (settings.retentionBytes() != TopicSettings.UNBOUNDED) {
            long segment = Math.max(settings.retentionBytes() / SEGMENTS_PER_RETENTION, settings.maxRecordBytes());
            configs.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(settings.retentionBytes()));
            configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, Long.toString(Math.min(segment, 1024 * MEBIBYTE)));
        }
        return configs;
    }

    /** What happened in streams: kept for long, so that it can be replayed. */
    private static Map<String, String> events(TopicSettings settings) {
        Map<String, String> configs = common(settings);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.eventRetention().toMillis()));
        configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofDays(1).toMillis()));
        return configs;
    }

    /**
     * The catalog: only the newest of each entry counts, and every gateway reads all of it when it starts, so old ones
     * are cleared away soon. What was deleted stays visible for a day, for readers that lag.
     */
    private static Map<String, String> compacted(TopicSettings settings) {
        Map<String, String> configs = common(settings);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        configs.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
        configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofMinutes(10).toMillis()));
        configs.put(
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Long.toString(Math.max(32 * MEBIBYTE, settings.maxRecordBytes())));
        configs.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(Duration.ofDays(1).toMillis()));
        return configs;
    }

    /** The log of a store: the newest of each key; the whole of it is read only when a store must be built anew. */
    private static Map<String, String> changelog(TopicSettings settings) {
        Map<String, String> configs = common(settings);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        configs.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(Duration.ofDays(1).toMillis()));
        return configs;
    }

    private static Map<String, String> common(TopicSettings settings) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(settings.maxRecordBytes()));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, settings.replicationFactor() >= 3 ? "2" : "1");
        return configs;
    }

    /** What the engine's principal must be allowed, as {@code kafka-acls} options. */
    public List<Permission> permissions() {
        return List.of(
                new Permission("topic", prefix, List.of("Read", "Write", "Describe", "DescribeConfigs", "Create")),
                new Permission("topic", prefix + QUEUES, List.of("Delete")), // of the records of a queue that is purged
                new Permission("group", prefix, List.of("Read", "Describe")),
                new Permission("group", prefix + QUEUES, List.of("DescribeConfigs", "AlterConfigs")),
                new Permission("transactional-id", prefix, List.of("Write", "Describe")),
                new Permission("cluster", null, List.of("Describe", "DescribeConfigs")));
    }
}
