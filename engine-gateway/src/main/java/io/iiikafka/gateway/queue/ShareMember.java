package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of the share group of a queue, whose polls can be cut short, and which may be told to acknowledge what is not its
 * any more. Used on one thread, but for {@link #stop}.
 */
final class ShareMember {

    private static final Logger LOG = LoggerFactory.getLogger(ShareMember.class);
    private static final int USUAL_LOCK_MS = 30_000;

    /** Where a record stands. */
    record Place(TopicPartition partition, long offset) {

        static Place of(ConsumerRecord<byte[], byte[]> record) {
            return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
        }
    }

    private final ShareConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Object waking = new Object();
    private boolean wakeable;
    private boolean joined;
    private volatile boolean stopped;

    /**
     * @param consumer is closed with this
     * @param refused told, within a poll, of records whose acknowledgement the broker does not take: they come again, and are
     *     the keeper's then
     */
    ShareMember(ShareConsumer<byte[], byte[]> consumer, String topic, Consumer<Place> refused) {
        this.consumer = consumer;
        this.topic = topic;
        consumer.setAcknowledgementCommitCallback((offsets, failure) -> {
            if (failure != null) {
                offsets.forEach((partition, lost) ->
                        lost.forEach(offset -> refused.accept(new Place(partition.topicPartition(), offset))));
                LOG.atDebug().addKeyValue("topic", topic).addKeyValue("cause", failure.getMessage()).log("Not acknowledged");
            }
        });
    }

    boolean hasJoined() {
        return joined;
    }

    void join() {
        consumer.subscribe(List.of(topic));
        joined = true;
    }

    /** After so long records are to be renewed, so that they stay this consumer's. */
    long renewalNanos() {
        int lockMs = consumer.acquisitionLockTimeoutMs().orElse(USUAL_LOCK_MS);
        return TimeUnit.MILLISECONDS.toNanos(lockMs / 3);
    }

    /** Gives nothing when this is stopped, now or meanwhile. */
    ConsumerRecords<byte[], byte[]> poll(Duration patience) {
        wakeable(true);
        try {
            return stopped ? ConsumerRecords.empty() : pollInAnyCase(patience);
        } finally {
            wakeable(false);
        }
    }

    private void wakeable(boolean now) {
        synchronized (waking) {
            wakeable = now;
        }
    }

    /** As {@link #poll}, also when this is stopped. */
    ConsumerRecords<byte[], byte[]> pollInAnyCase(Duration patience) {
        try {
            return consumer.poll(patience);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    /** False when the record's lock is lost, so that it comes again, and is the keeper's then. */
    boolean acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            return true;
        } catch (IllegalStateException e) {
            LOG.atDebug().addKeyValue("topic", topic).addKeyValue("offset", record.offset()).log("Not held any more");
            return false;
        }
    }

    /** Sends what was acknowledged. */
    void commit() {
        consumer.commitAsync();
    }

    /** Ends the poll that is under way; any thread. */
    void stop() {
        stopped = true;
        synchronized (waking) {
            if (wakeable) {
                consumer.wakeup();
            }
        }
    }

    void close(Duration patience) {
        consumer.close(patience);
    }
}
