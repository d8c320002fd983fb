package io.iiikafka.bench.floor;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Reads all slots of the deliveries, as a lone gateway does, and sends each value back to who asked. */
final class KafkaAnswerer {

    private KafkaAnswerer() {}

    static void start(String bootstrapServers) {
        KafkaProducer<byte[], byte[]> producer = FloorClients.producer(bootstrapServers);
        Reader.start("deliveries", bootstrapServers, FloorTopics.deliveries(), call -> {
            int slot = FloorRecord.slot(call.headers());
            producer.send(
                    new ProducerRecord<>(FloorTopics.RESULTS, slot, call.key(), call.value(), call.headers()));
        });
    }
}
