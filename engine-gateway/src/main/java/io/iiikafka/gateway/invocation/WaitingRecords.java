package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records that must not be lost because there is no room in the producer's buffer for a moment. They wait here, in order,
 * and what comes after them does too; a thread of its own, which exists only then, tries again.
 */
final class WaitingRecords {

    /** Hands a record to the producer; does not block. Without room the callback gets {@link BufferExhaustedException}. */
    interface Sender {
        void send(ProducerRecord<byte[], byte[]> record, Callback acknowledged);
    }

    private record Waiting(ProducerRecord<byte[], byte[]> record, Callback acknowledged, long sinceNanos) {}

    private static final long RETRY_MS = 10;

    private final Sender sender;
    private final long most;
    private final Duration patience;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private long bytes;
    private volatile boolean any;

    /**
     * @param most what may wait together, in bytes; one record always may
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

    /** Because there was no room for it. */
    void refused(ProducerRecord<byte[], byte[]> record, Callback acknowledged, Exception why) {
        put(record, acknowledged, why);
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
                any = true;
                Thread.ofVirtual().name("waiting-records").start(this::drain);
            }
        }
        if (full) {
            acknowledged.onCompletion(null, first == null ? new BufferExhaustedException("too much waits already") : first);
        }
        return true;
    }

    private void drain() {
        for (Waiting head = head(); head != null; head = head()) {
            if (!send(head)) {
                try {
                    Thread.sleep(RETRY_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private @Nullable Waiting head() {
        synchronized (queue) {
            any = !queue.isEmpty();
            return queue.peek();
        }
    }

    /** Whether the record is out of the queue, for better or worse. */
    private boolean send(Waiting head) {
        boolean last = System.nanoTime() - head.sinceNanos() > patience.toNanos();
        boolean[] again = {false};
        sender.send(head.record(), (metadata, failure) -> {
            if (failure instanceof BufferExhaustedException && !last) {
                again[0] = true; // said before the method returns
            } else {
                head.acknowledged().onCompletion(metadata, failure);
            }
        });
        if (again[0]) {
            return false;
        }
        synchronized (queue) {
            queue.remove();
            bytes -= size(head.record());
        }
        return true;
    }

    private static int size(ProducerRecord<byte[], byte[]> record) {
        return record.value() == null ? 0 : record.value().length;
    }
}
