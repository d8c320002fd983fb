package io.iiikafka.bench.floor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.Payload;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Produces calls and completes each when its answer appears in its own partition of the results. */
final class KafkaCaller implements AsyncCall {

    private static final byte[] FUNCTION = "bench::echo".getBytes(US_ASCII);

    private final ConcurrentHashMap<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
    private final byte[] payload = Payload.bytes();
    private final String topic;
    private final @Nullable Integer partition;
    private final int slot;
    private final KafkaProducer<byte[], byte[]> producer;

    private KafkaCaller(String bootstrapServers, String topic, int slot) {
        this.topic = topic;
        this.partition = topic.equals(FloorTopics.DELIVERIES) ? FloorTopics.ANSWERER_SLOT : null;
        this.slot = slot;
        this.producer = FloorClients.producer(bootstrapServers);
    }

    /** @param topic where the calls go: to the Streams hop, or straight to who answers */
    static KafkaCaller start(String bootstrapServers, String topic, int slot) {
        KafkaCaller caller = new KafkaCaller(bootstrapServers, topic, slot);
        Reader.start("results-" + slot, bootstrapServers, List.of(FloorTopics.results(slot)), caller::answered);
        return caller;
    }

    @Override
    public CompletableFuture<?> ask() {
        String id = UUID.randomUUID().toString();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        producer.send(new ProducerRecord<>(topic, partition, FUNCTION, payload, FloorRecord.headers(id, slot)));
        return answer;
    }

    private void answered(ConsumerRecord<byte[], byte[]> result) {
        CompletableFuture<byte[]> answer = waiting.remove(FloorRecord.id(result.headers()));
        if (answer != null) {
            answer.complete(result.value());
        }
    }
}
