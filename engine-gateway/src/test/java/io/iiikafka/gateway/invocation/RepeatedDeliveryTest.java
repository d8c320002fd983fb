package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Deliveries of a router that took over from one that was killed, beside those that were there already. */
class RepeatedDeliveryTest {

    /** No call of this test is there. */
    private static final int FAR = 1_000_000;

    @Test
    void shouldRunACallThatARouterWasKilledBeforeThoughALaterOneWasDelivered() throws Exception {
        String function = "f-" + UUID.randomUUID();
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker(function).serve(function);
                Producer<byte[], byte[]> router = new KafkaProducer<>(
                        TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            int slot = slot(engine);

            for (int offset : new int[] {FAR + 5, FAR + 3, FAR + 5, FAR + 3, FAR + 6}) {
                router.send(delivery(engine, slot, function, offset)).get();
            }

            for (int offset : new int[] {FAR + 5, FAR + 3, FAR + 6}) {
                assertThat(worker.called(function).get("data").intValue()).isEqualTo(offset);
            }
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();
        }
    }

    private static int slot(TestEngine engine) {
        return engine.gateway().gateway().catalog().gateways().iterator().next().slots().getFirst();
    }

    /** As a keeper makes it that had not committed that it made it, and one that takes over from it. */
    @Test
    void shouldRunAnAttemptOfAJobOnceAndAnswerEachDeliveryOfIt() throws Exception {
        String function = "f-" + UUID.randomUUID();
        String id = UUID.randomUUID().toString();
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker(function).serve(function);
                Producer<byte[], byte[]> keeper = new KafkaProducer<>(
                        TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            engine.awaitServed(function);
            ProducerRecord<byte[], byte[]> first = attempt(engine, function, id, FAR);
            keeper.send(first).get();
            JsonNode call = worker.called(function);
            keeper.send(first).get();
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(300))).isTrue();
            assertThat(answers(engine, id)).isZero();
            worker.fail(call, "boom");
            Awaitility.await().until(() -> answers(engine, id) == 1);
            keeper.send(first).get();
            Awaitility.await().until(() -> answers(engine, id) == 2);
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();

            keeper.send(attempt(engine, function, id, FAR + 1)).get();
            worker.answer(worker.called(function), "null");
            Awaitility.await().until(() -> answers(engine, id) == 3);
        }
    }

    @Test
    void shouldNotAnswerForAnAttemptThatRunsThoughItsWorkerTakesNoMore() throws Exception {
        String function = "f-" + UUID.randomUUID();
        String id = UUID.randomUUID().toString();
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker(function).serve(function);
                Producer<byte[], byte[]> keeper = new KafkaProducer<>(
                        TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            engine.awaitServed(function);
            ProducerRecord<byte[], byte[]> attempt = attempt(engine, function, id, FAR);
            keeper.send(attempt).get();
            JsonNode call = worker.called(function);
            worker.send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            engine.awaitServed(function, 0);

            keeper.send(attempt).get();
            RawWorker next = engine.worker("next").serve("next-" + function);
            keeper.send(attempt(engine, "next-" + function, UUID.randomUUID().toString(), FAR + 1)).get();
            next.called("next-" + function); // the one before it has been looked at, too
            assertThat(answers(engine, id)).isZero();
            worker.answer(call, "null");
            Awaitility.await().until(() -> answers(engine, id) == 1);
            next.close();
        }
    }

    private static ProducerRecord<byte[], byte[]> attempt(TestEngine engine, String function, String id, long job) {
        return CallCodec.encode(
                engine.topics().deliveries(),
                slot(engine),
                function.getBytes(UTF_8),
                new RoutedCall(call(function, id, "1", true), Origin.keeper(0, job), 0, 0),
                System.currentTimeMillis());
    }

    /** How many of that id the keeper has been sent. */
    private static long answers(TestEngine engine, String id) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("auto.offset.reset", "earliest");
        try (Consumer<byte[], byte[]> commands =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(engine.topics().commands(), 0);
            commands.assign(Set.of(partition));
            commands.seekToBeginning(Set.of(partition));
            long end = commands.endOffsets(Set.of(partition)).get(partition);
            long found = 0;
            while (commands.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> each : commands.poll(Duration.ofMillis(100))) {
                    found += each.key() != null && new String(each.key(), UTF_8).equals(id) ? 1 : 0;
                }
            }
            return found;
        }
    }

    private static Call call(String function, String id, String data, boolean reply) {
        return new Call(
                id,
                function,
                Call.DEFAULT_NAMESPACE,
                RawJson.of(data),
                null,
                reply,
                null,
                null,
                null,
                Long.MAX_VALUE);
    }

    private static ProducerRecord<byte[], byte[]> delivery(TestEngine engine, int slot, String function, int offset) {
        Call call = call(function, UUID.randomUUID().toString(), Integer.toString(offset), false);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                engine.topics().deliveries(), slot, function.getBytes(UTF_8), new RoutedCall(call, null, 0, 0),
                System.currentTimeMillis());
        record.headers().add(HeaderNames.ROUTED_FROM, ("0:" + offset).getBytes(UTF_8));
        return record;
    }
}
