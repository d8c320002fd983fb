package io.iiikafka.gateway.queue;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.iiikafka.topology.topics.Brokers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records of many topics their share groups, of the same names, have not dealt with: asked for all together. Blocks.
 */
final class ShareLags {

    private static final Logger LOG = LoggerFactory.getLogger(ShareLags.class);

    private final Admin admin;

    ShareLags(Admin admin) {
        this.admin = admin;
    }

    /** By topic; without those of which Kafka does not say it. */
    Map<String, Long> of(Collection<String> topics) {
        Map<String, TopicDescription> found = answered(admin.describeTopics(topics).topicNameValues());
        Map<String, Long> lags = new HashMap<>();
        Set<TopicPartition> unread = new HashSet<>();
        behind(found.keySet()).forEach((topic, behind) -> {
            lags.put(topic, 0L);
            requireNonNull(found.get(topic)).partitions().forEach(each -> {
                TopicPartition partition = new TopicPartition(topic, each.partition());
                Long lag = behind.get(partition);
                if (lag == null) {
                    unread.add(partition);
                } else {
                    lags.merge(topic, lag, Long::sum);
                }
            });
        });
        addAll(unread, lags);
        return lags;
    }

    /** All that is there: nobody has read these. */
    private void addAll(Set<TopicPartition> unread, Map<String, Long> lags) {
        if (unread.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = offsets(unread, OffsetSpec.latest());
        Map<TopicPartition, Long> firsts = offsets(unread, OffsetSpec.earliest());
        for (TopicPartition each : unread) {
            Long first = firsts.get(each);
            Long end = ends.get(each);
            if (first == null || end == null) {
                lags.remove(each.topic());
            } else {
                lags.computeIfPresent(each.topic(), (topic, sum) -> sum + end - first);
            }
        }
    }

    /** By topic and partition, of those that were read. */
    private Map<String, Map<TopicPartition, Long>> behind(Set<String> groups) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        Map<String, ListShareGroupOffsetsSpec> asked = new HashMap<>();
        groups.forEach(group -> asked.put(group, new ListShareGroupOffsetsSpec()));
        ListShareGroupOffsetsResult result = admin.listShareGroupOffsets(asked);
        Map<String, KafkaFuture<Map<TopicPartition, Long>>> lags = new HashMap<>();
        groups.forEach(group -> lags.put(group, result.partitionsToOffsetInfo(group).thenApply(ShareLags::known)));
        Map<String, Map<TopicPartition, Long>> behind = answered(lags);
        lags.forEach((group, lag) -> {
            if (isNotThere(lag)) {
                behind.put(group, Map.of());
            }
        });
        return behind;
    }

    private static Map<TopicPartition, Long> known(Map<TopicPartition, SharePartitionOffsetInfo> infos) {
        Map<TopicPartition, Long> lags = new HashMap<>();
        infos.forEach((partition, info) -> {
            if (info != null && info.lag().isPresent()) {
                lags.put(partition, info.lag().get());
            }
        });
        return lags;
    }

    private static boolean isNotThere(KafkaFuture<?> group) {
        try {
            return group.isCompletedExceptionally() && Brokers.await(group) == null;
        } catch (GroupIdNotFoundException e) {
            return true;
        } catch (KafkaException e) {
            return false;
        }
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(each -> asked.put(each, which));
        ListOffsetsResult result = admin.listOffsets(asked);
        Map<TopicPartition, KafkaFuture<Long>> offsets = new HashMap<>();
        partitions.forEach(each -> offsets.put(
                each, result.partitionResult(each).thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)));
        return answered(offsets);
    }

    /** Waits for all together; those that failed are left out. */
    private static <K, V> Map<K, V> answered(Map<K, KafkaFuture<V>> asked) {
        try {
            Brokers.await(KafkaFuture.allOf(asked.values().toArray(new KafkaFuture<?>[0])));
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("Not all records of queues can be counted");
        }
        Map<K, V> answers = new HashMap<>();
        asked.forEach((key, future) -> {
            if (future.isDone() && !future.isCompletedExceptionally()) {
                answers.put(key, Brokers.await(future));
            }
        });
        return answers;
    }
}
