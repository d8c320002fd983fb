package io.iiikafka.topology.membership;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the topics that each instance of an application has as a whole. Streams gives up at once when such a topic has no
 * partitions, which is also what a broker says that has not heard yet of a topic just made; after a time-out it asks again.
 */
public class GlobalConsumer extends PromptConsumer {

    public GlobalConsumer(Map<String, Object> properties) {
        super(properties, Duration.ZERO);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        List<PartitionInfo> partitions = super.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new TimeoutException("The broker that was asked does not know topic " + topic + " yet");
        }
        return partitions;
    }
}
