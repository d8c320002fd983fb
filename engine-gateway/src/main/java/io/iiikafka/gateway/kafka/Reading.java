package io.iiikafka.gateway.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

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
 * One consumer's life as a member of its group: it reads, has the records delivered, and commits what is dealt with.
 * Partitions whose records wait are paused, so that the member stays in its group however long deliveries take.
 */
final class Reading implements TopicReading {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** So long a partition that goes to another member is kept for what is being delivered: it would be delivered twice. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaTriggerConfig config;
    private final Deliveries deliveries;
    private final Starts starts;
    private final Map<TopicPartition, PartitionWork> work = new HashMap<>();
    private final BlockingQueue<Runnable> finished = new LinkedBlockingQueue<>();
    private final Object waking = new Object();
    private boolean wakeable;
    private volatile boolean stopping;

    /** @param consumer is closed with this */
    Reading(Consumer<byte[], byte[]> consumer, KafkaTriggerConfig config, Deliveries deliveries) {
        this.consumer = consumer;
        this.config = config;
        this.deliveries = deliveries;
        this.starts = new Starts(consumer, config.from());
    }

    @Override
    public void run() {
        consumer.subscribe(List.of(config.topic()), new Partitions());
        while (!stopping) {
            round();
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
        takeOn();
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
        wakeable(true);
        try {
            return finished.isEmpty() && !stopping ? consumer.poll(patience()) : ConsumerRecords.empty();
        } catch (WakeupException e) {
            return ConsumerRecords.empty(); // a delivery is done, or the reader is to close
        } finally {
            wakeable(false);
        }
    }

    /** Only {@code poll} may be woken: another request would fail, and with it the change of the group that it belongs to. */
    private void wakeable(boolean now) {
        synchronized (waking) {
            wakeable = now;
        }
    }

    private void wake() {
        synchronized (waking) {
            if (wakeable) {
                consumer.wakeup();
            }
        }
    }

    /** A batch that is not full must not wait longer than it may. */
    private Duration patience() {
        return config.batch() == null ? POLL : Duration.ofMillis(Math.clamp(config.batch().maxWaitMs(), 10, POLL.toMillis()));
    }

    /** Begins with the partitions that came: where the group stands. Until then they are paused. */
    private void takeOn() {
        Set<TopicPartition> fresh = new HashSet<>(consumer.assignment());
        fresh.removeAll(work.keySet());
        if (fresh.isEmpty()) {
            return;
        }
        try {
            starts.seek(fresh).forEach((partition, offset) -> work.put(partition, new PartitionWork(offset)));
        } catch (WakeupException e) {
            LOG.atDebug().log("Woken too late; the partitions are taken on in the next round");
        }
    }

    private void deliver(TopicPartition partition, PartitionWork own) {
        List<ConsumerRecord<byte[], byte[]>> records = own.take(config, System.nanoTime());
        while (!records.isEmpty()) {
            List<ConsumerRecord<byte[], byte[]>> taken = records;
            deliveries.deliver(taken, own::isCancelled, () -> {
                finished.add(() -> own.done(taken));
                wake();
            });
            records = own.take(config, System.nanoTime());
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<PartitionWork, Long> asked = new HashMap<>();
        work.forEach((partition, own) -> {
            long offset = own.toCommit();
            if (offset >= 0) {
                offsets.put(partition, new OffsetAndMetadata(offset));
                asked.put(own, offset);
            }
        });
        if (offsets.isEmpty()) {
            return;
        }
        consumer.commitAsync(offsets, (committed, failure) -> {
            asked.forEach((own, offset) -> own.committed(offset, failure == null));
            if (failure != null) {
                LOG.atDebug()
                        .addKeyValue("cause", failure.getMessage())
                        .log("A position was not committed, which is tried again");
            }
        });
    }

    /** Ends {@link #run}; any thread. */
    @Override
    public void stop() {
        stopping = true;
        wake();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("A reader did not close cleanly");
        } finally {
            drop(Set.copyOf(work.keySet()));
        }
    }

    /** Nothing of them is tried again here. */
    private void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionWork own = work.remove(partition);
            if (own != null) {
                own.cancel();
            }
        }
    }

    /** Called within {@code poll} and {@code close}; none of it may fail, or partitions would come and go unnoticed. */
    private final class Partitions implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            wakeable(false);
            try {
                awaitDeliveries(partitions);
                commitNow(partitions);
            } finally {
                drop(partitions);
                wakeable(true);
            }
        }

        private void awaitDeliveries(Collection<TopicPartition> partitions) {
            long endNanos = System.nanoTime() + GRACE.toNanos();
            try {
                Runnable done = finished.poll();
                while (done != null || !stopping && isDelivering(partitions)) {
                    if (done != null) {
                        done.run();
                    } else if (System.nanoTime() - endNanos >= 0) {
                        return;
                    }
                    done = finished.poll(10, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isDelivering(Collection<TopicPartition> partitions) {
            return partitions.stream().map(work::get).anyMatch(own -> own != null && own.isDelivering());
        }

        private void commitNow(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (TopicPartition partition : partitions) {
                PartitionWork own = work.get(partition);
                if (own != null && own.isBehind()) {
                    offsets.put(partition, new OffsetAndMetadata(own.dealtWith()));
                }
            }
            if (offsets.isEmpty()) {
                return;
            }
            try {
                commitNow(offsets);
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("topic", config.topic())
                        .addKeyValue("cause", e.getMessage())
                        .log("A position was not committed; some records are delivered again");
            }
        }

        private void commitNow(Map<TopicPartition, OffsetAndMetadata> offsets) {
            try {
                consumer.commitSync(offsets, COMMIT_PATIENCE);
            } catch (WakeupException e) {
                consumer.commitSync(offsets, COMMIT_PATIENCE); // that was meant for poll
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions);
        }
    }
}
