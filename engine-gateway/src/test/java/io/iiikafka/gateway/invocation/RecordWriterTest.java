package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.iiikafka.gateway.tracing.Tracing;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RecordWriterTest {

    private static final class Refusing extends MockProducer<byte[], byte[]> {

        private final Map<String, KafkaException> refused = new ConcurrentHashMap<>();
        private volatile int partitions = 1;

        Refusing() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            KafkaException why = refused.get(record.topic());
            if (why != null) {
                throw why;
            }
            if (record.partition() != null && record.partition() >= partitions) {
                throw new TimeoutException("Partition " + record.partition() + " is not present in metadata after 0 ms.");
            }
            return super.send(new ProducerRecord<>(record.topic(), record.value()), callback);
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic) {
            return IntStream.range(0, partitions).mapToObj(each -> new PartitionInfo(topic, each, null, null, null)).toList();
        }
    }

    private final Refusing producer = new Refusing();
    private final RecordWriter writer = new RecordWriter(producer, Tracing.OFF);
    private final List<String> ended = new CopyOnWriteArrayList<>();

    private void write(String name) {
        writer.write(new ProducerRecord<>(name, new byte[1]), (metadata, failure) -> ended.add(name + " " + said(failure)));
    }

    private void write(String name, int partition) {
        writer.write(
                new ProducerRecord<>(name, partition, null, new byte[1]),
                (metadata, failure) -> ended.add(name + " " + said(failure)));
    }

    private void offer(String name) {
        writer.offer(new ProducerRecord<>(name, new byte[1]), (metadata, failure) -> ended.add(name + " " + said(failure)));
    }

    private static String said(Exception failure) {
        return failure == null ? "written" : failure.getClass().getSimpleName();
    }

    private void awaitEnded(String... expected) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(ended).containsExactly(expected));
    }

    @Test
    void shouldLeaveTheRoomToThoseThatWaitWhenCallsComeToo() {
        producer.refused.put("result", new BufferExhaustedException("full"));
        write("result");
        offer("call");
        assertThat(ended).containsExactly("call BufferExhaustedException");
        producer.refused.clear();

        awaitEnded("call BufferExhaustedException", "result written");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            ended.clear();
            offer("call");
            return ended.equals(List.of("call written"));
        });
    }

    @Test
    void shouldWaitForMetadataButFailACallAtOnceWhenItIsMissing() {
        producer.refused.put("call", new TimeoutException("no metadata"));
        producer.refused.put("result", new TimeoutException("no metadata"));
        offer("call");
        assertThat(ended).containsExactly("call TimeoutException");
        write("result");
        assertThat(ended).hasSize(1);
        producer.refused.clear();

        awaitEnded("call TimeoutException", "result written");
    }

    @Test
    void shouldWriteWhatWaitsBeforeItStops() {
        producer.refused.put("result", new BufferExhaustedException("full"));
        write("result");
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            producer.refused.clear();
        });

        writer.flush();

        assertThat(ended).containsExactly("result written");
    }

    @Test
    void shouldWriteOthersAtOnceWhenAPartitionDoesNotExist() {
        write("stray", 99);
        write("result", 0);
        assertThat(ended).containsExactly("result written");

        awaitEnded("result written", "stray TimeoutException");
    }

    @Test
    void shouldWaitForAPartitionThatIsNew() {
        write("result", 1);
        assertThat(ended).isEmpty();
        producer.partitions = 2;

        awaitEnded("result written");
    }
}
