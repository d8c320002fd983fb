package io.iiikafka.topology.membership;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.topics.Brokers;
import org.apache.kafka.common.PartitionInfo;

/**
 * Reads the topics that each instance of an application has as a whole. Streams gives up at once when such a topic has no
 * partitions, which is also what a broker says that has not heard yet of a topic just made: so it is asked again for a while.
 */
public class GlobalConsumer extends PromptConsumer {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    public GlobalConsumer(Map<String, Object> properties) {
        super(properties, Duration.ZERO);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<PartitionInfo> partitions = super.partitionsFor(topic);
        while ((partitions == null || partitions.isEmpty()) && System.nanoTime() - deadline < 0) {
            Brokers.pause(LOOK_EVERY);
            partitions = super.partitionsFor(topic);
        }
        return partitions;
    }
}
