package io.iiikafka.gateway.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.keeper.Keeper;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a keeper says while it reads its stores from Kafka again, as it does on a new machine. */
class KeeperRestorationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldSayWhichTransactionHoldsItUp() throws Exception {
        try (TestEngine engine = TestEngine.start(); RawWorker worker = engine.worker("writer")) {
            worker.call("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}");
            TopicPartition held = new TopicPartition(engine.topics().changelog(KeeperStore.STATE), 0);
            engine.stopKeeper();
            try (KafkaProducer<byte[], byte[]> other = transactional("somebody")) {
                other.beginTransaction();
                long offset = other.send(new ProducerRecord<>(
                                held.topic(), held.partition(), "k".getBytes(UTF_8), "2".getBytes(UTF_8)))
                        .get()
                        .offset();

                Keeper keeper = engine.startKeeperAgain(false);

                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(keeper.notReadyReason().orElse("ready"))
                        .contains(
                                "the keeper is REBALANCING; it reads its stores from Kafka again, partitions to go: ",
                                "; it is held up in " + held + ": a transaction begun at offset " + offset + " is open",
                                "of transactional id somebody (Ongoing)"));

                other.abortTransaction();
                Awaitility.await().atMost(PATIENCE).until(() -> keeper.notReadyReason().isEmpty());
            }
            assertThat(worker.call("state::get", "{\"scope\":\"s\",\"key\":\"k\"}").get("result").toString())
                    .isEqualTo("1");
        }
    }

    private static KafkaProducer<byte[], byte[]> transactional(String id) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) Duration.ofMinutes(5).toMillis());
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }
}
