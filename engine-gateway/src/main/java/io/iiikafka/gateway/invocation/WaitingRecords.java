package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that must not be lost because the producer cannot take them for a moment. They wait here, in order, and what
 * comes after them does too; a thread of its own, which exists only then, tries again.
 */
final class WaitingRecords {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRecords.class);

    /** Hands a record to the producer; does not block. What it says before it returns is as {@link Attempt} has it. */
    interface Sender {
        void send(ProducerRecord<byte[], byte[]> record, Callback acknowledged);
    }

    private record Waiting(ProducerRecord<byte[], byte[]> record, Callback acknowledged, long sinceNanos) {}

    /** Of a record without key, value and headers, in bytes. */
    private static final long OVERHEAD = 512;
    private static final Duration RETRY = Duration.ofMillis(10);

    private final Sender sender;
    private final long most;
    private final Duration patience;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private long bytes;
    private volatile boolean any;

    /**
     * @param most what may wait together, in bytes with keys, headers and what objects take; one record always may
     * @param patience after this time a record fails after all
     */
    WaitingRecords(Sender sender, long most, Duration patience) {
        this.sender = sender;
        this.most = most;
        this.patience = patience;
    }

    /** Behind those that wait; false when none do. */
    boolean add(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        return any && put(record, acknowledged, null);
    }

    /** Whether others wait, who have what room there is. Any thread. */
    boolean any() {
        return any;
    }

    /** Because the producer could not take it now. */
    void refused(ProducerRecord<byte[], byte[]> record, Callback acknowledged, Exception why) {
        put(record, acknowledged, why);
    }

    /** Blocks until nothing waits, or the time is up; whether nothing does. */
    boolean awaitNone(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        synchronized (queue) {
            while (!queue.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(queue, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    private boolean put(ProducerRecord<byte[], byte[]> record, Callback acknowledged, @Nullable Exception first) {
        boolean full;
        synchronized (queue) {
            if (first == null && queue.isEmpty()) {
                return false;
            }
            full = !queue.isEmpty() && bytes + size(record) > most;
            if (!full) {
                queue.add(new Waiting(record, acknowledged, System.nanoTime()));
                bytes += size(record);
            }
            if (!any && !full) {
                Thread.ofVirtual().name("waiting-records").start(this::drain);
                any = true;
            }
        }
        if (full) {
            acknowledged.onCompletion(null, first == null ? new BufferExhaustedException("too much waits already") : first);
        }
        return true;
    }

    /** Must not end while something waits: what comes later waits behind it. */
    private void drain() {
        for (Waiting head = head(); head != null; head = head()) {
            if (send(head)) {
                remove(head);
            } else {
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private @Nullable Waiting head() {
        synchronized (queue) {
            any = !queue.isEmpty();
            return queue.peek();
        }
    }

    private void remove(Waiting head) {
        synchronized (queue) {
            queue.remove();
            bytes -= size(head.record());
            if (queue.isEmpty()) {
                queue.notifyAll();
            }
        }
    }

    /** Whether the record need not wait any more, for better or worse. */
    private boolean send(Waiting head) {
        boolean last = System.nanoTime() - head.sinceNanos() > patience.toNanos();
        Callback acknowledged = once(head.acknowledged());
        Attempt attempt = new Attempt(acknowledged);
        try {
            sender.send(head.record(), attempt);
            Exception refusal = attempt.refusal();
            if (refusal != null && last) {
                acknowledged.onCompletion(null, refusal);
            }
            return refusal == null || last;
        } catch (RuntimeException | Error e) {
            fail(head, acknowledged, e);
            return true;
        }
    }

    private static Callback once(Callback acknowledged) {
        AtomicBoolean told = new AtomicBoolean();
        return (metadata, failure) -> {
            if (told.compareAndSet(false, true)) {
                acknowledged.onCompletion(metadata, failure);
            }
        };
    }

    private static void fail(Waiting head, Callback acknowledged, Throwable why) {
        try {
            LOG.atError()
                    .setCause(why)
                    .addKeyValue("topic", head.record().topic())
                    .log("A record that waited, or its acknowledgement, failed");
            acknowledged.onCompletion(null, new KafkaException("The record could not be sent: " + why, why));
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("An acknowledgement failed");
        }
    }

    /** What it takes in memory, roughly. */
    private static long size(ProducerRecord<byte[], byte[]> record) {
        long size = OVERHEAD + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
