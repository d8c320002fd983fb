package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.record.HeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The gateway's one producer: idempotent, all replicas acknowledge, nothing waits for a batch to fill.
 *
 * <p>Called from event loops, so it must not block: the topics' metadata is fetched at the start and kept, and limits of
 * calls in flight keep its buffer from filling; what would block all the same fails after {@link #MAX_BLOCK}.
 */
public final class RecordWriter implements AutoCloseable {

    private static final Duration MAX_BLOCK = Duration.ofMillis(500);
    private static final int LARGEST_REQUEST = 64 * 1024 * 1024;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final long BUFFER = 128L * 1024 * 1024;

    private final Producer<byte[], byte[]> producer;
    private final Producer<byte[], byte[]> tracedProducer;
    private final boolean traced;

    public RecordWriter(Map<String, Object> clientProperties, List<String> topics, Tracing tracing) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // What comes while a request is under way goes into the next one: no wait when idle, large batches when busy.
        properties.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.tracedProducer = tracing.wrap(producer);
        this.traced = tracing.enabled();
        topics.forEach(this::fetchMetadata);
    }

    private void fetchMetadata(String topic) {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (KafkaException e) {
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    /** How many partitions the topic has. */
    public int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    /** Hands a record to Kafka; {@code acknowledged} is called exactly once, on the producer's thread or this one. */
    public void write(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        try {
            if (traced && record.headers().lastHeader(HeaderNames.TRACEPARENT) != null) {
                Runnable send = () -> tracedProducer.send(record, acknowledged);
                Tracing.contextOf(record.headers()).wrap(send).run();
            } else {
                producer.send(record, acknowledged);
            }
        } catch (KafkaException | IllegalStateException e) { // the latter: closed already
            acknowledged.onCompletion(null, e);
        }
    }

    /** As {@link #write(ProducerRecord, Callback)}, for paths that are not hot; gives the record's offset. */
    public Future<Long> write(ProducerRecord<byte[], byte[]> record) {
        Promise<Long> written = Promise.promise();
        write(record, (metadata, failure) -> {
            if (failure == null) {
                written.complete(metadata.offset());
            } else {
                written.fail(failure);
            }
        });
        return written.future();
    }

    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
