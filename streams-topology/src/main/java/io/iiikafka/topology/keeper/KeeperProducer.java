package io.iiikafka.topology.keeper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a keeper's thread: one for what somebody waits for, which leaves at once, another for the transaction,
 * which fills its batches.
 *
 * <p>Somebody waits for answers, and for the calls that a change causes. Gateways and routers read them before they are
 * committed anyway; a gateway drops an answer that comes twice, a call may be run again. Within the transaction each would
 * wait until the broker has ended the transaction before, and behind the changes of its own command. None is lost: a
 * transaction is committed only when what its commands say to others is written.
 *
 * <p>Changes matter to others from the commit on, so they need not leave before.
 *
 * <p>What is to be called once at most waits for the commit.
 */
final class KeeperProducer implements Producer<byte[], byte[]> {

    /** Well below the time between two commits. */
    static final int CHANGES_LINGER_MS = 20;

    /** A record with this header leaves when the transaction is committed, and not at all when it is not. */
    static final String AFTER_COMMIT = "iii_after_commit";

    private record Held(ProducerRecord<byte[], byte[]> record, Callback callback) {}

    private final Topics topics;
    private final List<Held> held = new ArrayList<>();
    private final Producer<byte[], byte[]> changes;
    private final Producer<byte[], byte[]> answers;
    private final Supplier<AnswerQueue> queue;

    /**
     * @param queue of the calling thread
     * @param config of the transactional producer
     */
    KeeperProducer(Topics topics, Supplier<AnswerQueue> queue, Map<String, Object> config) {
        this.topics = topics;
        this.queue = queue;
        this.changes = open(changes(config));
        this.answers = open(answers(config));
    }

    private static Producer<byte[], byte[]> open(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> changes(Map<String, Object> config) {
        Map<String, Object> changes = new HashMap<>(config);
        changes.put(ProducerConfig.LINGER_MS_CONFIG, CHANGES_LINGER_MS);
        return changes;
    }

    static Map<String, Object> answers(Map<String, Object> config) {
        Map<String, Object> answers = new HashMap<>(config);
        answers.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        answers.remove(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        answers.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        answers.computeIfPresent(ProducerConfig.CLIENT_ID_CONFIG, (name, id) -> id + "-answers");
        return answers;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return send(record, (metadata, failure) -> {});
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (record.headers().lastHeader(AFTER_COMMIT) != null) {
            record.headers().remove(AFTER_COMMIT);
            held.add(new Held(record, callback));
            return new CompletableFuture<>();
        }
        if (leavesAtOnce(record.topic())) {
            CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
            queue.get().send(answers, record, (metadata, failure) -> {
                callback.onCompletion(metadata, failure);
                if (failure == null) {
                    written.complete(metadata);
                } else {
                    written.completeExceptionally(failure);
                }
            });
            return written;
        }
        return changes.send(record, callback);
    }

    private boolean leavesAtOnce(String topic) {
        return topic.equals(topics.results()) || topic.equals(topics.deliveries()) || topic.equals(topics.invocations());
    }

    /** Streams does so before each commit, and does not commit when something could not be written. */
    @Override
    public void flush() {
        queue.get().release();
        answers.flush();
        changes.flush();
    }

    @Override
    public void initTransactions() {
        changes.initTransactions();
    }

    @Override
    public void beginTransaction() {
        changes.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        changes.sendOffsetsToTransaction(offsets, groupMetadata);
    }

    @Override
    public void commitTransaction() {
        changes.commitTransaction();
        held.forEach(each -> answers.send(each.record(), each.callback()));
        held.clear();
    }

    @Override
    public void abortTransaction() {
        held.clear();
        changes.abortTransaction();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return changes.partitionsFor(topic);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return changes.metrics();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        changes.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        changes.unregisterMetricFromSubscription(metric);
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return changes.clientInstanceId(timeout);
    }

    @Override
    public void close() {
        queue.get().release();
        answers.close();
        changes.close();
    }

    @Override
    public void close(Duration timeout) {
        queue.get().release();
        answers.close(timeout);
        changes.close(timeout);
    }
}
