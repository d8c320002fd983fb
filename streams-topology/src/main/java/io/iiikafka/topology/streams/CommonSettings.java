package io.iiikafka.topology.streams;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.iiikafka.topology.membership.Membership;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** Settings of Kafka Streams that router and keeper share: records leave at once, and a dead process is soon replaced. */
public final class CommonSettings {

    private CommonSettings() {}

    /**
     * What an application begins with; it adds its own.
     *
     * @param clients for every Kafka client
     * @param stateDirectory of this process alone
     * @param instanceId as in {@code group.instance.id}; null: none, and the group is left on close
     */
    public static Map<String, Object> of(
            String applicationId,
            Map<String, Object> clients,
            int threads,
            Path stateDirectory,
            @Nullable String instanceId) {
        Map<String, Object> all = new HashMap<>(clients);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        // Streams warns while this is left open, and will always do it later.
        all.put("processing.exception.handler.global.enabled", true);
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        producer(all);
        consumers(all, instanceId);
        return all;
    }

    private static void producer(Map<String, Object> all) {
        // Streams waits 100 ms for a batch to fill unless told otherwise: a call or an answer must leave at once.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        // What comes while a request is under way goes into the next one: no wait when idle, large batches when busy.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 64 * 1024 * 1024);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 128L * 1024 * 1024);
    }

    private static void consumers(Map<String, Object> all, @Nullable String instanceId) {
        // The shortest time after which a stock broker gives a dead process's partitions to another.
        all.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                Membership.SESSION_TIMEOUT_MS);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
        if (instanceId == null) {
            all.put(StreamsConfig.mainConsumerPrefix("internal.leave.group.on.close"), true);
        } else {
            all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        }
    }
}
