package io.iiikafka.bench.floor;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** One thread that reads given partitions from their end and hands each record over. */
final class Reader {

    private static final Duration POLL = Duration.ofMillis(100);

    private Reader() {}

    /** Returns when nothing that is sent from now on will be missed. */
    static void start(
            String name,
            String bootstrapServers,
            Collection<TopicPartition> partitions,
            Consumer<ConsumerRecord<byte[], byte[]>> to) {
        KafkaConsumer<byte[], byte[]> consumer = FloorClients.consumer(bootstrapServers);
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // The end is looked up only when it is asked for.
        partitions.forEach(consumer::position);
        Thread.ofPlatform().daemon().name(name).start(() -> {
            while (true) {
                consumer.poll(POLL).forEach(to);
            }
        });
    }
}
