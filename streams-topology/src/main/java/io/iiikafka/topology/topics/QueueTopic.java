package io.iiikafka.topology.topics;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.topology.queue.ShareGroup;
import org.apache.kafka.common.config.TopicConfig;

/** What Kafka must have for a queue that is a topic: the topic, and a share group of the same name (spec: queue.md 13.2). */
public final class QueueTopic {

    /** Of the group: nothing that was enqueued before the first reader came is skipped, nothing of an aborted transaction run. */
    public static final Map<String, String> GROUP_CONFIGS =
            Map.of("share.auto.offset.reset", "earliest", "share.isolation.level", "read_committed");

    private QueueTopic() {}

    /** @param largestRecord in bytes */
    public static TopicSpec topic(Topics topics, String queue, ShareGroup share, int replicationFactor, int largestRecord) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(share.retentionMs()));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(largestRecord));
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicationFactor >= 3 ? "2" : "1");
        return new TopicSpec(topics.queue(queue), share.partitions(), replicationFactor, configs, "jobs of queue " + queue);
    }

    public static GroupSpec group(Topics topics, String queue) {
        return new GroupSpec(topics.queue(queue), GROUP_CONFIGS, "share group of the gateways, for queue " + queue);
    }
}
