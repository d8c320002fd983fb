package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Deliveries for workers that are not here. */
class PassedOnTest {

    @Test
    void shouldTellTheCallerWhenKafkaDoesNotTakeACallThatIsPassedOn() throws Exception {
        String id = UUID.randomUUID().toString();
        try (TestEngine engine = TestEngine.start();
                KafkaProducer<byte[], byte[]> router = new KafkaProducer<>(
                        TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> results = new KafkaConsumer<>(
                        TestBroker.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TestBroker.limitRecords(engine.topics().invocations(), 20_000);
            int slot = engine.gateway().gateway().catalog().gateways().iterator().next().slots().getFirst();
            TopicPartition answers = new TopicPartition(engine.topics().results(), slot);
            results.assign(List.of(answers));
            results.seekToBeginning(List.of(answers));
            RawJson large = RawJson.of("\"" + "x".repeat(40_000) + "\"");
            Call call = new Call(
                    id, "else::where", Call.DEFAULT_NAMESPACE, large, null, true, null, null, null, Long.MAX_VALUE);

            router.send(CallCodec.encode(
                            engine.topics().deliveries(),
                            slot,
                            id.getBytes(UTF_8),
                            new RoutedCall(call, new Origin("caller", slot, 1), 0, 0),
                            System.currentTimeMillis()))
                    .get();

            assertThat(answer(results, id).outcome().toString())
                    .contains("payload_too_large")
                    .contains("larger than");
        }
    }

    private static OutcomeCodec.Addressed answer(KafkaConsumer<byte[], byte[]> results, String id) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> each : results.poll(Duration.ofMillis(100))) {
                if (each.key() != null && new String(each.key(), UTF_8).equals(id)) {
                    return OutcomeCodec.decode(each.headers(), each.value());
                }
            }
        }
        throw new AssertionError("nobody is told");
    }
}
