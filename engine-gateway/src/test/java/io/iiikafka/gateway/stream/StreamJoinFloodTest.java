package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that join much more than they read: syncs are asked for as fast as they are taken, and no faster. */
class StreamJoinFloodTest {

    private static final int JOINS = 50;

    private static TestEngine engine;
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.worker("flood");
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private void fill(int bytes) {
        worker.call("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":\""
                + "x".repeat(bytes) + "\"}");
    }

    private static long results() {
        String topic = engine.topics().results();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                TestBroker.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @Test
    void shouldAskForNoMoreLongSyncsThanAClientTakes() {
        fill(4_000_000);
        long before = results();
        StreamPeer stuck = StreamPeer.connectWithoutReading(engine.gateway().streams().port());
        try (StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/")) {
            for (int i = 0; i < JOINS; i++) {
                stuck.join("s" + i, stream, "g", null);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(peer.join("p" + i, stream, "g", null).next().at("/event/type").textValue()).isEqualTo("sync");
            }
            assertThat(results() - before).isLessThan(40);

            stuck.leave("s0", stream, "g", null);
            stuck.read();
            for (int i = 0; i < JOINS - 1; i++) { // s0 may have had its sync before it left, or not
                assertThat(stuck.next().at("/event/type").textValue()).isEqualTo("sync");
            }
            worker.call("stream::send", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}");
            Awaitility.await().untilAsserted(() -> assertThat(stuck.next().at("/event/type").textValue()).isEqualTo("event"));
        } finally {
            stuck.cut();
        }
    }

    @Test
    void shouldSyncManyShortGroupsOfOneClient() {
        fill(10);
        try (StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/")) {
            for (int i = 0; i < 500; i++) {
                peer.join("s" + i, stream, i % 2 == 0 ? "g" : "g" + i, null);
            }
            assertThat(peer.next(500)).allMatch(frame -> frame.at("/event/type").textValue().equals("sync"));
        }
    }
}
