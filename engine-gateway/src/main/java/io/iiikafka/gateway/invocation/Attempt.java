package io.iiikafka.gateway.invocation;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to hand a record to the producer, which says before its method returns when it cannot take it now: there is
 * no room ({@link BufferExhaustedException}), or the topic's metadata is missing ({@link TimeoutException}). Such a record
 * has not gone out. All else is for {@code acknowledged}, also that one which has gone out was not answered in time.
 */
final class Attempt implements Callback {

    private final Callback acknowledged;
    private final Thread sender = Thread.currentThread();
    private boolean over;
    private @Nullable TimeoutException refused;

    /** On the thread that sends. */
    Attempt(Callback acknowledged) {
        this.acknowledged = acknowledged;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (Thread.currentThread() == sender && !over && failure instanceof TimeoutException timeout) {
            refused = timeout;
        } else {
            acknowledged.onCompletion(metadata, failure);
        }
    }

    /** Why the record was not taken now, or null; once, when the producer's method has returned, on the same thread. */
    @Nullable Exception refusal() {
        over = true;
        return refused;
    }
}
