package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.membership.PromptConsumer;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.PushCodec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the outcomes of this gateway's calls, on a thread of its own, from the lowest of the slots that it owns, its home:
 * that is where they are sent to, and each further slot would cost the broker something with every record. A slot that is
 * its home no more is read on until no call waits on it, so that no outcome is lost when it changes.
 */
public final class ResultReader implements OriginSlots, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration IDLE_POLL = Duration.ofSeconds(5);

    /**
     * So long that a call that was about to be sent when its slot was given up is among the pending ones by then, and that
     * keepers know where else to send what happens in streams.
     */
    private static final Duration READ_ON = Duration.ofSeconds(10);

    /** @param home none when no slot is owned */
    private record Change(OptionalInt home, CompletableFuture<Void> done) {}

    private final String gateway;
    private final String topic;
    private final PendingCalls pending;
    private final Consumer<byte[], byte[]> consumer;
    private final ReaderThread thread;
    private final BlockingDeque<Change> changes = new LinkedBlockingDeque<>();
    private final Set<Integer> reading = new HashSet<>();
    private long leaveAfterNanos;
    private volatile int current = -1;
    private volatile boolean closed;
    private volatile PushListener pushes = (frame, position) -> {};

    ResultReader(String gateway, String topic, PendingCalls pending, Map<String, Object> clientProperties) {
        this.gateway = gateway;
        this.topic = topic;
        this.pending = pending;
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // Records that come end the wait; a slot taken over waits behind a fetch that is under way.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1_500);
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        this.consumer = new PromptConsumer(properties, Duration.ZERO);
        this.thread = new ReaderThread("iii-results", this::run);
    }

    void start() {
        thread.start();
    }

    /** Tells the listener of what comes in unasked. */
    void listen(PushListener listener) {
        pushes = listener;
    }

    @Override
    public int current() {
        return current;
    }

    /** Takes the lowest of these as its home; done when the position there is fixed, so that nothing can be missed. */
    CompletableFuture<Void> own(Set<Integer> slots) {
        Change change = new Change(slots.stream().mapToInt(Integer::intValue).min(), new CompletableFuture<>());
        changes.add(change);
        consumer.wakeup();
        return change.done();
    }

    private void run() {
        while (!closed) {
            try {
                applyChanges();
                if (reading.isEmpty()) {
                    awaitChange();
                } else {
                    read();
                }
            } catch (WakeupException e) {
                // a change of slots, or the end: the loop sees which
            } catch (InterruptedException e) {
                break;
            } catch (KafkaException e) {
                LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Results cannot be read at the moment");
                LockSupport.parkNanos(POLL.toNanos());
            } catch (RuntimeException e) {
                LOG.error("A result could not be handed over", e);
            }
            thread.batchDone();
        }
        consumer.close();
    }

    private void awaitChange() throws InterruptedException {
        Change change = changes.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (change != null) {
            changes.addFirst(change);
        }
    }

    private void read() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(reading.size() > 1 ? POLL : IDLE_POLL)) {
            OutcomeCodec.Addressed addressed = OutcomeCodec.decode(record.headers(), record.value());
            if (addressed == null || !addressed.origin().gateway().equals(gateway)) {
                continue; // of a gateway that had the slot before: it reads on until it has what it waits for
            }
            PendingCalls.Pending waiting = pending.take(addressed.origin().number());
            if (waiting != null) {
                waiting.handler().ended(addressed.outcome());
            } else if (addressed.origin().number() == PushCodec.NUMBER) {
                push(record);
            }
        }
        if (reading.size() > 1 && System.nanoTime() - leaveAfterNanos > 0) {
            leaveIdle();
            leaveAfterNanos = System.nanoTime() + POLL.toNanos(); // it looks at all that is pending
        }
    }

    private void push(ConsumerRecord<byte[], byte[]> record) {
        PushCodec.Position position = PushCodec.position(record.headers());
        if (position != null && record.value() != null) {
            pushes.pushed(RawJson.of(record.value()), position);
        }
    }

    private void applyChanges() {
        for (Change change = changes.peek(); change != null; change = changes.peek()) {
            // Without a slot of its own for a while, the gateway goes on receiving where it did: reading takes none away.
            change.home().ifPresent(this::moveTo);
            leaveAfterNanos = System.nanoTime() + READ_ON.toNanos();
            changes.poll();
            change.done().complete(null);
        }
    }

    private void moveTo(int home) {
        boolean added = reading.add(home);
        assign();
        if (added) {
            consumer.seekToEnd(List.of(partition(home)));
        }
        consumer.position(partition(home)); // fixes it now, not at the next poll
        current = home;
    }

    private void leaveIdle() {
        if (reading.removeIf(slot -> slot != current && !pending.anyOn(slot))) {
            assign();
        }
    }

    private void assign() {
        consumer.assign(reading.stream().map(this::partition).toList());
    }

    private TopicPartition partition(int slot) {
        return new TopicPartition(topic, slot);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
