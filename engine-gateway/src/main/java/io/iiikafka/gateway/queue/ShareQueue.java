package io.iiikafka.gateway.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.gateway.invocation.RecordWriter;
import io.iiikafka.gateway.kafka.TopicReader;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.PayloadField;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.JobCodec;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A queue whose topic is there, on this gateway: it is written here, and read. Any thread. */
final class ShareQueue implements AutoCloseable {

    private static final int MOST_READ = 500;

    private final String topic;
    private final String source;
    private final RecordWriter writer;
    private final Places places;
    private final ShareJobs jobs;
    private final TopicReader reader;

    /**
     * @param source of the records, as CloudEvents have it
     * @param settings as they are now
     */
    ShareQueue(
            String name,
            String topic,
            String source,
            RecordWriter writer,
            Map<String, Object> clientProperties,
            Places places,
            ShareJobs jobs,
            Supplier<QueueSettings> settings) {
        this.topic = topic;
        this.source = source;
        this.writer = writer;
        this.places = places;
        this.jobs = jobs;
        this.reader = new TopicReader(
                "queue-" + name, "queue " + name, () -> reading(clientProperties, settings));
    }

    private ShareReading reading(Map<String, Object> clientProperties, Supplier<QueueSettings> settings) {
        int mostRead = Math.clamp(places.left(), 1, MOST_READ);
        return new ShareReading(
                new KafkaShareConsumer<>(
                        properties(topic, clientProperties, mostRead),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer()),
                topic,
                mostRead,
                mostRead == MOST_READ,
                places,
                () -> isPaused(settings.get()),
                record -> isPurged(settings.get(), record),
                jobs);
    }

    private static Map<String, Object> properties(String topic, Map<String, Object> clientProperties, int mostRead) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // No more than can be run, so that others get the rest.
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, mostRead);
        // While all places are taken nothing is read, however long that is.
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
        return properties;
    }

    static boolean isPaused(QueueSettings settings) {
        return settings.share() == null || settings.share().paused();
    }

    private static boolean isPurged(QueueSettings settings, ConsumerRecord<byte[], byte[]> record) {
        ShareGroup.Purged purged = settings.share() == null ? null : settings.share().purged();
        return purged != null && purged.covers(record.partition(), record.offset(), record.timestamp());
    }

    void start() {
        reader.start();
    }

    Places places() {
        return places;
    }

    ShareJobs jobs() {
        return jobs;
    }

    /** Whether a job without options can be a record: nothing in the settings or the payload wants what only the keeper can. */
    static boolean takes(QueueSettings settings, RawJson data) {
        return settings.delayMs() == 0
                && Stream.of(settings.delayField(), settings.priorityField(), settings.dedupField())
                        .noneMatch(field -> field != null && PayloadField.find(data, field) != null);
    }

    /**
     * Writes a job.
     *
     * @param job its id is the receipt
     * @param kept told, on any thread, when all replicas have it, with no value, or that Kafka does not get it
     */
    void enqueue(Call job, OutcomeHandler kept) {
        writer.offer(JobCodec.encode(topic, job, source, System.currentTimeMillis()), (metadata, failure) ->
                kept.ended(failure == null
                        ? Outcome.NO_VALUE
                        : Outcome.failure(
                                ErrorCode.ENQUEUE_ERROR, "Kafka did not take the job: " + failure.getMessage() + "; retry later.")));
    }

    /** Reads no more; what runs goes on, and the keeper has it. */
    @Override
    public void close() {
        reader.close();
    }

    /** Whether it is closed, and nothing is begun any more. */
    boolean isClosed() {
        return !reader.isAlive();
    }

    void awaitClosed() {
        reader.awaitClosed();
    }
}
