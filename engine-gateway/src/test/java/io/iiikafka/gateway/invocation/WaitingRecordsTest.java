package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WaitingRecordsTest {

    private static final long MOST = 10_000;

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private volatile boolean room;

    private final WaitingRecords waiting = new WaitingRecords(this::send, MOST, Duration.ofSeconds(30));

    private void send(ProducerRecord<byte[], byte[]> record, Callback acknowledged) {
        if (!room) {
            acknowledged.onCompletion(null, new BufferExhaustedException("full"));
            return;
        }
        sent.add(record.topic());
        if (record.topic().equals("exception")) {
            throw new IllegalArgumentException("bad");
        }
        if (record.topic().equals("error")) {
            throw new StackOverflowError("deep");
        }
        acknowledged.onCompletion(null, null);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic) {
        return new ProducerRecord<>(topic, null);
    }

    private void refuse(String topic) {
        waiting.refused(
                record(topic),
                (metadata, failure) -> {
                    ended.add(topic + (failure == null ? "" : " failed"));
                    if (topic.equals("acknowledgement")) {
                        throw new IllegalStateException("bad callback");
                    }
                },
                new BufferExhaustedException("full"));
    }

    private void awaitEnded(String... expected) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(ended).containsExactly(expected));
    }

    @Test
    void shouldGoOnWhenARecordOrItsAcknowledgementThrows() {
        refuse("first");
        refuse("exception");
        refuse("error");
        refuse("acknowledgement");
        refuse("last");
        room = true;

        awaitEnded("first", "exception failed", "error failed", "acknowledgement", "last");
        assertThat(sent).containsExactly("first", "exception", "error", "acknowledgement", "last");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !waiting.any());
    }

    @Test
    void shouldBoundRecordsWithoutValuesToo() {
        for (int i = 0; i < 20; i++) {
            refuse("tombstone");
        }

        assertThat(ended).hasSize(1).containsOnly("tombstone failed");
        room = true;
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(sent).hasSize(19));
    }

    @Test
    void shouldNotSendAgainWhatTimedOutAfterItWasSent() {
        Attempt attempt = new Attempt((metadata, failure) -> ended.add(String.valueOf(failure)));

        assertThat(attempt.refusal()).isNull();
        attempt.onCompletion(null, new TimeoutException("not answered"));

        assertThat(ended).hasSize(1).first().asString().contains("not answered");
    }
}
