package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.record.HeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's one producer: idempotent, all replicas acknowledge, nothing waits for a batch to fill.
 *
 * <p>Called from event loops, so it does not block: the topics' metadata is fetched at the start and kept; what finds no
 * metadata, or no room in the buffer ({@code buffer.memory}), fails at once or waits elsewhere.
 */
public final class RecordWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
    private static final Duration METADATA_PATIENCE = Duration.ofSeconds(10);
    private static final long METADATA_LOOK_MS = 10;
    private static final Duration WAITING_PATIENCE = Duration.ofSeconds(5);
    private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(15);
    private static final Duration NEW_PARTITION_PATIENCE = Duration.ofSeconds(2);
    private static final int LARGEST_REQUEST = 64 * 1024 * 1024;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final long BUFFER = 128L * 1024 * 1024;
    private static final long MOST_WAITING = 32L * 1024 * 1024;

    private final Producer<byte[], byte[]> producer;
    private final Producer<byte[], byte[]> tracedProducer;
    private final boolean traced;
    private final WaitingRecords waiting;
    /** Those for partitions that are not known: who wrote the call may have named one that there is not. */
    private final WaitingRecords waitingForPartition;
    private final Map<String, Integer> knownPartitions = new ConcurrentHashMap<>();

    public RecordWriter(Map<String, Object> clientProperties, List<String> topics, Tracing tracing) {
        this(
                new KafkaProducer<>(properties(clientProperties), new ByteArraySerializer(), new ByteArraySerializer()),
                tracing);
        topics.forEach(this::fetchMetadata);
    }

    RecordWriter(Producer<byte[], byte[]> producer, Tracing tracing) {
        this.producer = producer;
        this.tracedProducer = tracing.wrap(producer);
        this.traced = tracing.enabled();
        this.waiting = new WaitingRecords(this::sendAgain, MOST_WAITING, DELIVERY_PATIENCE);
        this.waitingForPartition = new WaitingRecords(this::sendAgain, MOST_WAITING, NEW_PARTITION_PATIENCE);
    }

    private static Map<String, Object> properties(Map<String, Object> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // What comes while a request is under way goes into the next one: no wait when idle, large batches when busy.
        properties.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_PATIENCE.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
        return properties;
    }

    /**
     * Blocks until the topic's metadata is here, which is kept from then on.
     *
     * @throws TimeoutException when it does not come within some seconds
     */
    public void know(String topic) {
        fetchMetadata(topic);
    }

    private void fetchMetadata(String topic) {
        long deadline = System.nanoTime() + METADATA_PATIENCE.toNanos();
        while (true) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (TimeoutException e) { // it asks for the metadata, but does not wait
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            try {
                Thread.sleep(METADATA_LOOK_MS);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /** How many partitions the topic has. */
    public int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    /**
     * Hands a record to Kafka; {@code acknowledged} is called exactly once, on any thread. Without room in the buffer, or
     * without the topic's metadata, it waits for a while, in order with the others of this kind. A record for a partition that
     * is not known waits too, less long and without holding others up: the topic may have grown.
     */
    public void write(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        WaitingRecords others = isPartitionKnown(record) ? waiting : waitingForPartition;
        if (!others.add(record, acknowledged)) {
            Attempt attempt = new Attempt(acknowledged);
            send(record, attempt);
            Exception refusal = attempt.refusal();
            if (refusal != null) {
                others.refused(record, acknowledged, refusal);
            }
        }
    }

    /** Also when nothing is known of the topic: its metadata comes first. */
    private boolean isPartitionKnown(ProducerRecord<byte[], byte[]> record) {
        Integer partition = record.partition();
        if (partition == null || partition < knownPartitions.getOrDefault(record.topic(), 0)) {
            return true;
        }
        try {
            int partitions = partitions(record.topic());
            knownPartitions.put(record.topic(), partitions);
            return partitions == 0 || partition < partitions;
        } catch (KafkaException | IllegalStateException e) { // the latter: closed already
            return true;
        }
    }

    /**
     * As {@link #write}, but what cannot be taken now fails before the method returns: with
     * {@link BufferExhaustedException} without room, also while others wait for it, which have what becomes free; with
     * {@link TimeoutException} without the topic's metadata.
     */
    public void offer(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        if (waiting.any()) {
            acknowledged.onCompletion(null, new BufferExhaustedException("others wait for room already"));
        } else {
            send(record, acknowledged);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
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

    /** Has its span already. */
    private void sendAgain(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        try {
            producer.send(record, acknowledged);
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.onCompletion(null, e);
        }
    }

    /**
     * Whether Kafka may have the record though the write failed: the producer had it, and did not hear in time what became of
     * it. To be asked where the failure is told.
     */
    static boolean mayBeWritten(Exception failure) {
        return failure instanceof RetriableException
                && !(failure instanceof BufferExhaustedException)
                && Thread.currentThread().getName().startsWith(KafkaProducer.NETWORK_THREAD_PREFIX);
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

    /** Blocks until Kafka has all that was handed over, or it failed; what has no room yet gets some seconds to find it. */
    public void flush() {
        boolean all = waiting.awaitNone(WAITING_PATIENCE);
        if (!waitingForPartition.awaitNone(WAITING_PATIENCE) || !all) {
            LOG.warn("Kafka takes records slower than they come: some results or registrations may be lost at this stop");
        }
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
