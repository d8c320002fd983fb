package io.iiikafka.gateway.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic as a member of a consumer group, delivers its records, and commits what is dealt with. Partitions whose
 * records wait are paused, so that the member stays in its group however long deliveries take.
 */
final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaTriggerConfig config;
    private final Deliveries deliveries;
    private final Map<TopicPartition, PartitionWork> work = new HashMap<>();
    private final Queue<Runnable> finished = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean polling;

    TopicReader(String name, Consumer<byte[], byte[]> consumer, KafkaTriggerConfig config, Deliveries deliveries) {
        this.consumer = consumer;
        this.config = config;
        this.deliveries = deliveries;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            consumer.subscribe(List.of(config.topic()), new Partitions());
            while (!closing) {
                round();
            }
            commit();
        } catch (KafkaException e) {
            LOG.atError()
                    .addKeyValue("topic", config.topic())
                    .setCause(e)
                    .log("A topic is not read any more; register its trigger again");
        } finally {
            deliveries.stop();
            closeConsumer();
        }
    }

    private void round() {
        ConsumerRecords<byte[], byte[]> records = poll();
        long now = System.nanoTime();
        for (TopicPartition partition : records.partitions()) {
            PartitionWork own = work.get(partition);
            if (own != null) {
                own.add(records.records(partition), now);
            }
        }
        for (Runnable each = finished.poll(); each != null; each = finished.poll()) {
            each.run();
        }
        work.forEach(this::deliver);
        commit();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        List<TopicPartition> full = new ArrayList<>();
        List<TopicPartition> free = new ArrayList<>();
        work.forEach((partition, own) -> (own.hasRoom(config) ? free : full).add(partition));
        consumer.pause(full);
        consumer.resume(free);
        polling = true;
        try {
            return finished.isEmpty() ? consumer.poll(patience()) : ConsumerRecords.empty();
        } catch (WakeupException e) {
            return ConsumerRecords.empty(); // a delivery is done, or the reader is to close
        } finally {
            polling = false;
        }
    }

    /** A batch that is not full must not wait longer than it may. */
    private Duration patience() {
        return config.batch() == null ? POLL : Duration.ofMillis(Math.clamp(config.batch().maxWaitMs(), 10, POLL.toMillis()));
    }

    private void deliver(TopicPartition partition, PartitionWork own) {
        List<ConsumerRecord<byte[], byte[]>> records = own.take(config, System.nanoTime());
        while (!records.isEmpty()) {
            List<ConsumerRecord<byte[], byte[]>> taken = records;
            deliveries.deliver(taken, () -> {
                finished.add(() -> own.done(taken));
                if (polling) {
                    consumer.wakeup();
                }
            });
            records = own.take(config, System.nanoTime());
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        work.forEach((partition, own) -> {
            long offset = own.toCommit();
            if (offset >= 0) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    LOG.atDebug().addKeyValue("cause", failure.getMessage()).log("A position was not committed");
                }
            });
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("A reader did not close cleanly");
        }
    }

    /** Leaves the group; what is being delivered is delivered again by whoever reads the partition next. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
    }

    void awaitClosed() {
        try {
            thread.join(CLOSE_PATIENCE.plusSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Partitions implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> known =
                    consumer.committed(Set.copyOf(partitions), PATIENCE);
            List<TopicPartition> fresh = partitions.stream()
                    .filter(partition -> known.get(partition) == null)
                    .toList();
            begin(fresh);
            partitions.forEach(partition -> work.put(partition, new PartitionWork(consumer.position(partition, PATIENCE))));
        }

        /** A group without a position begins where the config says, and keeps to that although nothing may come for long. */
        private void begin(List<TopicPartition> fresh) {
            if (fresh.isEmpty()) {
                return;
            }
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            positions(fresh).forEach((partition, offset) -> {
                consumer.seek(partition, offset);
                positions.put(partition, new OffsetAndMetadata(offset));
            });
            consumer.commitSync(positions, PATIENCE);
        }

        private Map<TopicPartition, Long> positions(List<TopicPartition> fresh) {
            return switch (config.from()) {
                case KafkaTriggerConfig.From.Earliest earliest -> consumer.beginningOffsets(fresh, PATIENCE);
                case KafkaTriggerConfig.From.Latest latest -> consumer.endOffsets(fresh, PATIENCE);
                case KafkaTriggerConfig.From.Since since -> {
                    Map<TopicPartition, Long> positions = new HashMap<>(consumer.endOffsets(fresh, PATIENCE));
                    Map<TopicPartition, Long> times = new HashMap<>();
                    fresh.forEach(partition -> times.put(partition, since.ms()));
                    consumer.offsetsForTimes(times, PATIENCE).forEach((partition, found) -> {
                        if (found != null) {
                            positions.put(partition, found.offset());
                        }
                    });
                    yield positions;
                }
            };
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            for (Runnable each = finished.poll(); each != null; each = finished.poll()) {
                each.run();
            }
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (TopicPartition partition : partitions) {
                PartitionWork own = work.remove(partition);
                long offset = own == null ? -1 : own.toCommit();
                if (offset >= 0) {
                    offsets.put(partition, new OffsetAndMetadata(offset));
                }
            }
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, PATIENCE);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(work::remove);
        }
    }
}
