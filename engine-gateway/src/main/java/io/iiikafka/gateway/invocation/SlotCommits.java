package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.iiikafka.topology.membership.Membership;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka how far the slots have been dealt with, for whoever takes them over; each commit proves at the same time that
 * they are still this gateway's. Used on the slot reader's thread.
 */
final class SlotCommits {

    private static final Logger LOG = LoggerFactory.getLogger(SlotCommits.class);
    private static final long EVERY_MS = 500;

    /** While calls run, what has not changed is committed too, so that the next ones need not wait for a proof. */
    private static final long PROVE_EVERY_MS = 2_000;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String gateway;
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<Integer, SlotProgress> progress;
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Membership membership = new Membership();
    private long lastMs;
    private long lastProofMs;

    SlotCommits(
            String gateway, String topic, Consumer<byte[], byte[]> consumer, Map<Integer, SlotProgress> progress) {
        this.gateway = gateway;
        this.topic = topic;
        this.consumer = consumer;
        this.progress = progress;
    }

    /** Whether there is nothing to commit, now or when what runs is answered. */
    boolean upToDate() {
        for (Map.Entry<Integer, SlotProgress> slot : progress.entrySet()) {
            if (committed.getOrDefault(slot.getKey(), -1L) != slot.getValue().position()) {
                return false;
            }
        }
        return true;
    }

    /** Commits what has changed, if the last time is long enough ago; to be called often. */
    void nowAndThen() {
        long now = System.currentTimeMillis();
        if (now - lastMs >= EVERY_MS) {
            lastMs = now;
            commit(now - lastProofMs >= PROVE_EVERY_MS && !upToDate());
        }
    }

    /** Slots came: commits them, so that their note names this gateway. */
    void begin() {
        commit(true);
    }

    private void commit(boolean all) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach((slot, at) -> {
            long lowWater = at.lowWater();
            if (all || lowWater != committed.getOrDefault(slot, -1L)) {
                committed.put(slot, lowWater);
                offsets.put(new TopicPartition(topic, slot), note(lowWater));
            }
        });
        if (offsets.isEmpty()) {
            return;
        }
        lastProofMs = System.currentTimeMillis();
        Membership.Asked asked = Membership.Asked.now();
        consumer.commitAsync(offsets, (done, failure) -> {
            if (failure == null) {
                membership.proven(asked);
            } else {
                done.keySet().forEach(slot -> committed.remove(slot.partition()));
            }
        });
    }

    /** Whether what was just read is this gateway's to run; asks Kafka when the last proof is too old. */
    boolean own() {
        return membership.sure() || prove();
    }

    private boolean prove() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach((slot, at) -> offsets.put(new TopicPartition(topic, slot), note(at.lowWater())));
        if (offsets.isEmpty()) {
            return false; // Kafka would not be asked
        }
        Membership.Asked asked = Membership.Asked.now();
        try {
            consumer.commitSync(offsets, PATIENCE);
        } catch (RebalanceInProgressException | WakeupException e) {
            return false;
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("This gateway does not know whether its slots are its own");
            return false;
        }
        membership.proven(asked);
        return true;
    }

    /** Says that this gateway touched nothing after these slots' positions; they are forgotten in any case. */
    void handOver(Map<Integer, SlotProgress> slots) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        slots.forEach((slot, at) -> {
            committed.remove(slot);
            CommitNote note = CommitNote.handedOver(gateway, at.uncertainUntil());
            offsets.put(new TopicPartition(topic, slot), new OffsetAndMetadata(at.position(), note.text()));
        });
        try {
            commitInAnyCase(offsets);
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Slots were given up without a hand-over");
        }
    }

    /** The end of this gateway wakes the reader up, perhaps only now. */
    private void commitInAnyCase(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets);
        } catch (WakeupException e) {
            consumer.commitSync(offsets);
        }
    }

    void forget(int slot) {
        committed.remove(slot);
    }

    private OffsetAndMetadata note(long offset) {
        return new OffsetAndMetadata(offset, CommitNote.running(gateway).text());
    }
}
