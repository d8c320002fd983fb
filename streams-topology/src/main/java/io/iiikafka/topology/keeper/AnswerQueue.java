package io.iiikafka.topology.keeper;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Answers, and calls that changes cause, on their way to the producer. One leaves at once while there is little to do; of
 * many commands that came at once they go in batches, because each request costs the broker and who reads it about the same,
 * whatever it holds.
 *
 * <p>Of one stream thread, and used by it only.
 */
final class AnswerQueue {

    private static final int FEW = 4;

    /** Takes about a millisecond to collect. */
    private static final int BATCH = 32;

    private record Waiting(
            Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, Callback callback) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private boolean busy;

    /** Says how many commands have come; all of them are run before the thread polls again. */
    void polled(int commands) {
        busy = commands > FEW;
    }

    void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, Callback callback) {
        waiting.add(new Waiting(producer, record, callback));
        if (!busy || waiting.size() >= BATCH) {
            release();
        }
    }

    /** Hands everything to the producer. What it does not take its callback is told, as of what it could not write. */
    void release() {
        for (Waiting answer : waiting) {
            try {
                answer.producer().send(answer.record(), answer.callback());
            } catch (KafkaException | IllegalStateException e) {
                answer.callback().onCompletion(null, e);
            }
        }
        waiting.clear();
    }
}
