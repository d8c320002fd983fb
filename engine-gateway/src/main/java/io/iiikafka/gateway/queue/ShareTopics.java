package io.iiikafka.gateway.queue;

import static io.iiikafka.topology.topics.Brokers.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.topics.Brokers;
import io.iiikafka.topology.topics.QueueTopic;
import io.iiikafka.topology.topics.TopicSpec;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics and share groups of queues, as an administrator sees them. Blocks. */
final class ShareTopics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareTopics.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final String FEATURE = "share.version";
    private static final String DELIVERY_LIMIT = "share.delivery.count.limit";
    private static final String BROKERS_DELIVERY_LIMIT = "group.share.max.delivery.count.limit";

    /** Of brokers that do not say. */
    private static final int USUAL_LIMIT = 5;

    private final Admin admin;
    private final Topics topics;
    private final int largestRecord;

    /** @param largestRecord in bytes */
    ShareTopics(Map<String, Object> clientProperties, Topics topics, int largestRecord) {
        this.admin = Admin.create(clientProperties);
        this.topics = topics;
        this.largestRecord = largestRecord;
    }

    /** Whether the brokers have share groups. */
    boolean supported() {
        FinalizedVersionRange range =
                await(admin.describeFeatures().featureMetadata()).finalizedFeatures().get(FEATURE);
        return range != null && range.maxVersionLevel() >= 1;
    }

    /** Makes the topic, if it is not there, and its group what it must be; gives how often a record is delivered at most. */
    int prepare(String queue, ShareGroup share) {
        String topic = topics.queue(queue);
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, topic);
        // Before the topic: a broker that knows this topic knows then also from where its group reads.
        set(group, QueueTopic.GROUP_CONFIGS);
        int limit = limitDeliveries(group);
        if (find(topic) == null) {
            create(queue, share);
        }
        return limit;
    }

    private int limitDeliveries(ConfigResource group) {
        OptionalInt most = mostDeliveries();
        if (most.isPresent()) {
            try {
                set(group, Map.of(DELIVERY_LIMIT, Integer.toString(most.getAsInt())));
                return most.getAsInt(); // a broker that is asked for it now may not have heard of it yet
            } catch (ApiException e) {
                LOG.atDebug().addKeyValue("cause", e.getMessage()).log("Kafka delivers no record more often than usual");
            }
        }
        String limit = configs(group).get(DELIVERY_LIMIT);
        return limit == null ? USUAL_LIMIT : Integer.parseInt(limit);
    }

    /** An administrator may have set it, where the engine may not. */
    private void set(ConfigResource resource, Map<String, String> wanted) {
        Map<String, String> present = configs(resource);
        List<AlterConfigOp> changes = new ArrayList<>();
        wanted.forEach((name, value) -> {
            if (!value.equals(present.get(name))) {
                changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
            }
        });
        if (!changes.isEmpty()) {
            await(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
        }
    }

    private Map<String, String> configs(ConfigResource resource) {
        Map<String, String> configs = new HashMap<>();
        Config known = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
        if (known != null) {
            known.entries().stream()
                    .filter(each -> each.value() != null)
                    .forEach(each -> configs.put(each.name(), each.value()));
        }
        return configs;
    }

    /** The highest limit that all brokers allow, each of which keeps to its own; none: they do not say. */
    private OptionalInt mostDeliveries() {
        List<Integer> most = new ArrayList<>();
        try {
            List<ConfigResource> brokers = await(admin.describeCluster().nodes()).stream()
                    .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                    .toList();
            for (KafkaFuture<Config> config : admin.describeConfigs(brokers).values().values()) {
                mostDeliveries(config).ifPresent(most::add);
            }
        } catch (KafkaException e) {
            notSaid(e);
        }
        return most.stream().mapToInt(Integer::intValue).min();
    }

    private static OptionalInt mostDeliveries(KafkaFuture<Config> broker) {
        try {
            ConfigEntry most = await(broker).get(BROKERS_DELIVERY_LIMIT);
            return most == null || most.value() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(Integer.parseInt(most.value()));
        } catch (KafkaException e) { // one that is down, or may not be asked
            notSaid(e);
            return OptionalInt.empty();
        }
    }

    private static void notSaid(KafkaException cause) {
        LOG.atDebug().addKeyValue("cause", cause.getMessage()).log("A broker does not say how often it delivers at most");
    }

    private @Nullable TopicDescription find(String topic) {
        try {
            return await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        } catch (UnknownTopicOrPartitionException e) {
            return null;
        }
    }

    private void create(String queue, ShareGroup share) {
        int brokers = Brokers.count(admin, Duration.ZERO);
        TopicSpec topic = QueueTopic.topic(topics, queue, share, Math.min(3, brokers), largestRecord);
        try {
            await(admin.createTopics(List.of(topic.toNewTopic())).all());
        } catch (TopicExistsException e) {
            LOG.debug("Another gateway created {} at the same time", topic.name());
        }
    }

    /** Records that are not dealt with yet. */
    long lag(String queue) {
        String topic = topics.queue(queue);
        long[] lag = new long[1];
        Map<TopicPartition, Long> unread = new HashMap<>(ends(topic));
        offsets(topic).forEach((partition, behind) -> {
            unread.remove(partition);
            lag[0] += behind;
        });
        if (!unread.isEmpty()) { // nobody has read there
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            unread.keySet().forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
            await(admin.listOffsets(asked).all())
                    .forEach((partition, first) -> lag[0] += unread.getOrDefault(partition, 0L) - first.offset());
        }
        return lag[0];
    }

    /** As {@link #lag}, of many at once; without those of which Kafka does not say it. */
    Map<String, Long> lags(Collection<String> queues) {
        Map<String, Long> byTopic = new ShareLags(admin).of(queues.stream().map(topics::queue).toList());
        Map<String, Long> lags = new HashMap<>();
        for (String queue : queues) {
            Long lag = byTopic.get(topics.queue(queue));
            if (lag != null) {
                lags.put(queue, lag);
            }
        }
        return lags;
    }

    /** By partition, of those that were read. */
    private Map<TopicPartition, Long> offsets(String group) {
        Map<TopicPartition, Long> lags = new HashMap<>();
        try {
            await(admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(group))
                    .forEach((partition, info) -> {
                        if (info != null && info.lag().isPresent() && partition.topic().equals(group)) {
                            lags.put(partition, info.lag().get());
                        }
                    });
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
        return lags;
    }

    private Map<TopicPartition, Long> ends(String topic) {
        TopicDescription found = find(topic);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        if (found != null) {
            found.partitions().forEach(each -> asked.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        await(admin.listOffsets(asked).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /**
     * What was taken away.
     *
     * @param records that were not dealt with
     * @param ends by partition, the offset after the last one
     */
    record Cleared(long records, Map<Integer, Long> ends) {}

    /** Takes all records away; what runs goes on. */
    Cleared clear(String queue) {
        long gone = lag(queue);
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        Map<Integer, Long> ends = new HashMap<>();
        ends(topics.queue(queue)).forEach((partition, end) -> {
            before.put(partition, RecordsToDelete.beforeOffset(end));
            ends.put(partition.partition(), end);
        });
        await(admin.deleteRecords(before).all());
        return new Cleared(gone, ends);
    }

    @Override
    public void close() {
        admin.close(CLOSE_PATIENCE);
    }
}
