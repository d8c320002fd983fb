package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * {@code kafka::produce}: {@code {"topic":"orders","key":…,"value":…,"headers":{"name":"text"}}} →
 * {@code {"topic":…,"partition":0,"offset":17,"timestamp":<epoch ms>}}, when all in-sync replicas have the record.
 *
 * <p>Optional: {@code partition}, {@code timestamp} (epoch ms), {@code key_format} ({@code string} unless given) and
 * {@code value_format} ({@code json} unless given), each of {@code json}, {@code string} and {@code bytes} (Base64). A value
 * that is {@code null} is a tombstone. Records that a connection gives for one topic are written in that order. The trace context is handed on in headers.
 */
final class Produce implements EngineFunction, AutoCloseable {

    private static final RawJson REQUEST = RawJson.of("""
            {"type":"object","properties":{"topic":{"type":"string"},"key":{},"value":{},\
            "headers":{"type":"object"},"partition":{"type":"integer"},"timestamp":{"type":"integer"},\
            "key_format":{"type":"string","enum":["json","string","bytes"]},\
            "value_format":{"type":"string","enum":["json","string","bytes"]}},"required":["topic","value"]}""");

    private static final int MOST_AT_ONCE = 1_000;
    private static final int MOST_WAIT_MS = 5_000;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final String CLOSED = "this gateway stops";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

    private final Topics topics;
    private final Map<String, Object> clientProperties;
    /** By topic: the producer may block while it looks for one that it does not know, and records are to keep their order. */
    private final Turns turns = new Turns();
    private final Semaphore permits = new Semaphore(MOST_AT_ONCE);
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    Produce(Topics topics, Map<String, Object> clientProperties) {
        this.topics = topics;
        this.clientProperties = clientProperties;
    }

    @Override
    public String id() {
        return "kafka::produce";
    }

    @Override
    public String workerName() {
        return KafkaParts.WORKER_NAME;
    }

    @Override
    public String description() {
        return "Write a record to a Kafka topic";
    }

    @Override
    public RawJson requestFormat() {
        return REQUEST;
    }

    @Override
    public Future<Outcome> call(Call call) {
        ProducerRecord<byte[], byte[]> record;
        try {
            record = record(Input.of(call), call);
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
        if (!permits.tryAcquire()) {
            return Future.succeededFuture(Outcome.failure(
                    ErrorCode.OVERLOADED,
                    MOST_AT_ONCE + " records of kafka::produce are on their way from this gateway; retry later."));
        }
        Promise<Outcome> written = Promise.promise();
        long cameNanos = System.nanoTime();
        try {
            turns.run(record.topic(), () -> send(record, cameNanos, written));
        } catch (RejectedExecutionException e) {
            written.complete(failed(record.topic(), CLOSED));
        }
        return written.future().onComplete(done -> permits.release());
    }

    private void send(ProducerRecord<byte[], byte[]> record, long cameNanos, Promise<Outcome> written) {
        if (System.nanoTime() - cameNanos > TimeUnit.MILLISECONDS.toNanos(MOST_WAIT_MS)) {
            written.complete(failed(record.topic(), "it waited for " + MOST_WAIT_MS + " ms behind earlier records"));
            return;
        }
        try {
            producer().send(record, (metadata, failure) -> written.complete(
                    failure == null ? done(metadata) : failed(record.topic(), failure.getMessage())));
        } catch (RuntimeException e) { // closed in the meantime, or a partition that cannot be
            written.tryComplete(failed(record.topic(), e.getMessage()));
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException(CLOSED);
        }
        if (producer == null) {
            Map<String, Object> properties = new HashMap<>(clientProperties);
            properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MOST_WAIT_MS);
            // A broker that has just become the leader of a new partition may refuse a batch and take the one behind it.
            properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
            properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    private static Outcome done(RecordMetadata metadata) {
        return new Outcome.Success(JsonBuilder.object()
                .member("topic", metadata.topic())
                .member("partition", metadata.partition())
                .member("offset", metadata.offset())
                .member("timestamp", metadata.timestamp())
                .build());
    }

    private static Outcome failed(String topic, @Nullable String why) {
        return Outcome.failure(ErrorCode.PRODUCE_FAILED, "Kafka did not take the record for topic '" + topic + "': " + why);
    }

    private ProducerRecord<byte[], byte[]> record(Input input, Call call) {
        String topic = input.text("topic");
        if (topic.isEmpty()) {
            throw new Refusal(ErrorCode.TOPIC_NOT_SET, "Topic is not set");
        }
        if (!topics.prefix().isEmpty() && topic.startsWith(topics.prefix())) {
            throw new Refusal(
                    ErrorCode.FORBIDDEN, "Topics whose names begin with " + topics.prefix() + " are the engine's own");
        }
        RawJson partition = input.find("partition");
        RawJson timestamp = input.find("timestamp");
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                partition == null || partition.isNull()
                        ? null
                        : (int) input.integer("partition", 0, Integer.MAX_VALUE, 0),
                timestamp == null || timestamp.isNull() ? null : input.integer("timestamp", 0, Long.MAX_VALUE, 0),
                bytes(input, "key", "string"),
                bytes(input, "value", "json"));
        headers(input, record);
        trace(record, HeaderNames.TRACEPARENT, call.traceparent());
        trace(record, HeaderNames.BAGGAGE, call.baggage());
        return record;
    }

    private static byte @Nullable [] bytes(Input input, String name, String usual) {
        RawJson json = name.equals("value") ? input.require(name) : input.find(name);
        String given = input.optionalText(name + "_format");
        Format.@Nullable Plain format = Format.Plain.of(given == null ? usual : given);
        if (format == null) {
            throw input.misfit("invalid value for `" + name + "_format`: expected one of "
                    + String.join(", ", Format.Plain.NAMES));
        }
        try {
            return json == null || json.isNull() ? null : format.write(json);
        } catch (UnreadableException e) {
            throw input.misfit("`" + name + "` " + e.getMessage());
        }
    }

    private static void headers(Input input, ProducerRecord<byte[], byte[]> record) {
        RawJson headers = input.find("headers");
        if (headers == null || headers.isNull()) {
            return;
        }
        if (!headers.isObject()) {
            throw input.misfit("invalid type for `headers`: expected an object of strings");
        }
        headers.forEachMember((name, value) -> {
            String text = value.text();
            record.headers().add(name, (text == null ? value.toString() : text).getBytes(UTF_8));
        });
    }

    private static void trace(ProducerRecord<byte[], byte[]> record, String name, @Nullable String value) {
        if (value != null && record.headers().lastHeader(name) == null) {
            record.headers().add(name, value.getBytes(UTF_8));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        turns.close();
        if (producer != null) {
            producer.close(CLOSE_PATIENCE);
        }
    }
}
