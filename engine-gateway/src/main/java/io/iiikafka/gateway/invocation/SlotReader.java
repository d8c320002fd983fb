package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.topology.membership.Membership;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns slots: reads the deliveries addressed to them, on a thread of its own, and commits how far they are dealt with.
 *
 * <p>A slot that comes from a gateway that did not hand it over is uncertain from its committed low-water mark to where it
 * ended when this gateway took it on: those calls may have run, so they are answered {@code invocation_stopped} and never run
 * again.
 */
public final class SlotReader implements ConsumerRebalanceListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration IDLE_POLL = Duration.ofSeconds(5);
    private static final Duration UNSURE_PAUSE = Duration.ofMillis(20);

    /** Each question about slots may take so long, when they come and when Kafka did not answer then. */
    private static final Duration AT_FIRST = Duration.ofSeconds(3);

    private static final Duration LATER = Duration.ofMillis(500);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private final String gateway;
    private final String topic;
    private final int sourcePartitions;
    private final Deliveries deliveries;
    private final SlotListener listener;
    private final Consumer<byte[], byte[]> consumer;
    private final ReaderThread thread;
    private final Map<Integer, SlotProgress> progress = new HashMap<>();

    /** Assigned, and paused: what to do with their deliveries is to be learned. */
    private final Set<TopicPartition> unknown = new LinkedHashSet<>();

    private final Set<String> predecessors = new HashSet<>();
    private final SlotCommits commits;
    private long askAgainNanos;
    private volatile boolean closed;

    /** @param consumer of its own, with these {@link #properties}; closed with this */
    SlotReader(
            String gateway,
            String topic,
            int sourcePartitions,
            Deliveries deliveries,
            SlotListener listener,
            Consumer<byte[], byte[]> consumer) {
        this.gateway = gateway;
        this.topic = topic;
        this.sourcePartitions = sourcePartitions;
        this.deliveries = deliveries;
        this.listener = listener;
        this.consumer = consumer;
        this.commits = new SlotCommits(gateway, topic, consumer, progress);
        this.thread = new ReaderThread("iii-deliveries", this::run);
    }

    /**
     * How the slots of a group are read.
     *
     * @param instanceId a name that survives restarts of a process that is surely alone under it, or null
     */
    static Map<String, Object> properties(
            Map<String, Object> clientProperties, String group, @Nullable String instanceId) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Membership.SESSION_TIMEOUT_MS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // Records that come end the wait; a slot taken over waits behind a fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1_500);
        if (instanceId != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
        }
        return properties;
    }

    void start() {
        thread.start();
    }

    private void run() {
        consumer.subscribe(Set.of(topic), this);
        while (!closed) {
            try {
                askAgain();
                tellOfPredecessors();
                read(consumer.poll(hasNothingToDo() ? IDLE_POLL : POLL));
                commits.nowAndThen();
            } catch (WakeupException e) {
                // the end: the loop sees it
            } catch (KafkaException e) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Deliveries cannot be read at the moment");
                LockSupport.parkNanos(POLL.toNanos());
            } catch (RuntimeException e) {
                LOG.error("A delivery could not be handed over", e);
            }
            thread.batchDone();
        }
        onPartitionsRevoked(progress.keySet().stream().map(this::partition).toList());
        consumer.close();
    }

    private boolean hasNothingToDo() {
        return commits.upToDate() && unknown.isEmpty() && predecessors.isEmpty();
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty() || commits.own()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                try {
                    handle(record);
                } catch (RuntimeException e) {
                    LOG.error("A delivery could not be handed over", e);
                }
            }
            return;
        }
        // Read again when Kafka says that the slots are this gateway's; if it says that they are not, by their new owner.
        for (TopicPartition partition : records.partitions()) {
            if (progress.containsKey(partition.partition())) {
                consumer.seek(partition, records.records(partition).getFirst().offset());
            }
        }
        LockSupport.parkNanos(UNSURE_PAUSE.toNanos());
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) {
        SlotProgress slot = progress.get(record.partition());
        if (slot == null) {
            return; // revoked while it was on the way: its next owner reads it
        }
        List<RoutedCall> calls = CallCodec.decodeAll(record.headers(), record.value());
        if (calls.isEmpty() || isRepeated(slot, record)) {
            slot.begin(record.offset()).done();
            return;
        }
        boolean uncertain = slot.isUncertain(record.offset());
        calls.stream()
                .map(routed -> new Delivery(routed, slot.begin(record.offset())))
                .toList()
                .forEach(delivery -> handle(delivery, uncertain));
    }

    /** What goes wrong with one call must keep neither its slot nor its caller waiting, nor others from being called. */
    private void handle(Delivery delivery, boolean uncertain) {
        try {
            if (uncertain) {
                deliveries.stop(delivery);
            } else {
                deliveries.accept(delivery);
            }
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("function", delivery.call().functionId())
                    .setCause(e)
                    .log("A delivery could not be handed over; it counts as stopped");
            deliveries.fail(delivery);
        }
    }

    private static boolean isRepeated(SlotProgress slot, ConsumerRecord<byte[], byte[]> record) {
        Header from = record.headers().lastHeader(HeaderNames.ROUTED_FROM);
        if (from == null || from.value() == null) {
            return false;
        }
        String position = new String(from.value(), UTF_8);
        int colon = position.indexOf(':');
        try {
            int partition = Integer.parseInt(position, 0, colon, 10);
            return slot.isRepeated(partition, Long.parseLong(position, colon + 1, position.length(), 10));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return false; // not written by a router of ours
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        if (assigned.isEmpty()) {
            return;
        }
        consumer.pause(assigned);
        unknown.addAll(assigned);
        takeOn(Set.copyOf(assigned), AT_FIRST);
    }

    /** Slots of which Kafka does not say what is known stand still until it does; others go on meanwhile. */
    private boolean takeOn(Set<TopicPartition> slots, Duration patience) {
        Map<TopicPartition, TakeOver> known;
        try {
            known = TakeOver.of(slots, consumer, patience);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("slots", slots)
                    .addKeyValue("cause", e.getMessage())
                    .log("Slots cannot be taken on at the moment, which is tried again");
            askAgainNanos = System.nanoTime() + ASK_AGAIN.toNanos();
            return false;
        }
        unknown.removeAll(slots);
        consumer.resume(slots);
        known.forEach((slot, state) -> progress.put(
                slot.partition(), new SlotProgress(sourcePartitions, state.position(), state.uncertainUntil())));
        commits.begin();
        for (TakeOver state : known.values()) {
            if (state.predecessor() != null && !state.predecessor().equals(gateway)) {
                predecessors.add(state.predecessor());
            }
        }
        tellOfPredecessors();
        listener.slotsChanged(Set.copyOf(progress.keySet()));
        return true;
    }

    /** One by one: the broker of a single slot may be away. One that does not answer is the last to be asked next time. */
    private void askAgain() {
        if (unknown.isEmpty() || System.nanoTime() - askAgainNanos < 0) {
            return;
        }
        for (TopicPartition slot : List.copyOf(unknown)) {
            if (!takeOn(Set.of(slot), LATER)) {
                unknown.remove(slot);
                unknown.add(slot);
                return;
            }
        }
    }

    /**
     * A gateway that was put out of the group without noticing may have read the name of one that has its slots now. A name
     * that is forgotten, because slots go again before that, is found by its lease.
     */
    private void tellOfPredecessors() {
        if (!predecessors.isEmpty() && commits.own()) {
            Set<String> gone = Set.copyOf(predecessors);
            predecessors.clear();
            gone.forEach(listener::predecessorGone);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (revoked.isEmpty()) {
            return;
        }
        Map<Integer, SlotProgress> given = new HashMap<>();
        for (TopicPartition partition : revoked) {
            SlotProgress slot = forget(partition);
            if (slot != null) {
                given.put(partition.partition(), slot);
            }
        }
        Map<Integer, List<SlotProgress.Mark>> unfinished = new HashMap<>();
        given.forEach((slot, at) -> unfinished.put(slot, at.unfinished()));
        unfinished.values().removeIf(List::isEmpty);
        if (!unfinished.isEmpty()) {
            listener.leavesUnfinished(unfinished);
        }
        commits.handOver(given);
        listener.slotsChanged(Set.copyOf(progress.keySet()));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        predecessors.clear();
        lost.forEach(this::forget);
        listener.slotsChanged(Set.copyOf(progress.keySet()));
        listener.slotsLost();
    }

    private @Nullable SlotProgress forget(TopicPartition partition) {
        unknown.remove(partition);
        commits.forget(partition.partition());
        return progress.remove(partition.partition());
    }

    private TopicPartition partition(int slot) {
        return new TopicPartition(topic, slot);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
