package io.iiikafka.topology.router;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Makes one long poll of several while nothing comes: a round of Streams around each costs more than the poll. */
final class IdlePolls {

    /** By then Streams has committed what it did. */
    private static final int POLLS_UNTIL_IDLE = 4;

    private static final int POLLS_PER_ROUND = 4;

    private final Function<Duration, ConsumerRecords<byte[], byte[]>> consumer;
    private int emptyPolls;

    /** @param consumer polls once */
    IdlePolls(Function<Duration, ConsumerRecords<byte[], byte[]>> consumer) {
        this.consumer = consumer;
    }

    /** @param disturbed whether Streams has something else to do */
    ConsumerRecords<byte[], byte[]> poll(Duration timeout, BooleanSupplier disturbed) {
        ConsumerRecords<byte[], byte[]> records = consumer.apply(timeout);
        emptyPolls = records.isEmpty() && !timeout.isZero() ? emptyPolls + 1 : 0;
        if (emptyPolls < POLLS_UNTIL_IDLE) {
            return records;
        }
        for (int polls = 1; polls < POLLS_PER_ROUND && records.isEmpty() && !disturbed.getAsBoolean(); polls++) {
            records = consumer.apply(timeout);
        }
        return records;
    }
}
