package io.iiikafka.topology.membership;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer that hands out records only while it surely owns their partitions; see {@link Membership}. */
public class ProvenConsumer extends PromptConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ProvenConsumer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Membership membership = new Membership();

    public ProvenConsumer(Map<String, Object> properties) {
        super(properties);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        if (records.isEmpty() || owns()) {
            return records;
        }
        // Read again when Kafka says that the partitions are this member's; if it says that they are not, by their new owner.
        for (TopicPartition partition : records.partitions()) {
            if (assignment().contains(partition)) {
                seek(partition, records.records(partition).getFirst().offset());
            }
        }
        return ConsumerRecords.empty();
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Membership.Asked asked = Membership.Asked.now();
        super.commitSync(offsets);
        membership.proven(asked);
    }

    /** Whether the partitions that it was given are its own; asks Kafka when the last proof is too old. */
    public boolean owns() {
        return membership.sure() || prove();
    }

    /** Commits once more what is committed for one of its partitions: any will do. */
    private boolean prove() {
        Membership.Asked asked = Membership.Asked.now();
        try {
            for (TopicPartition partition : assignment()) {
                super.commitSync(Map.of(partition, committed(partition)), PATIENCE);
                membership.proven(asked);
                return true;
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.atInfo().addKeyValue("cause", e.getMessage()).log("A consumer does not know whether its partitions are its own");
        }
        return false;
    }

    private OffsetAndMetadata committed(TopicPartition partition) {
        OffsetAndMetadata committed = committed(Set.of(partition), PATIENCE).get(partition);
        return committed != null
                ? committed
                : new OffsetAndMetadata(requireNonNull(beginningOffsets(Set.of(partition), PATIENCE).get(partition)));
    }
}
