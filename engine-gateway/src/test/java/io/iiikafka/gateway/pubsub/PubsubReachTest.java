package io.iiikafka.gateway.pubsub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who hears of what is published: over gateways, reconnections and namespaces (spec: pubsub.md 4, 11). */
class PubsubReachTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private static TestGateway second;

    private final String id = UUID.randomUUID().toString();
    private final String topic = "topic-" + id;
    private final String function = "hear-" + id;

    @AutoClose
    private final RawWorker publisher = engine.worker("publisher-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        second = engine.addGateway();
    }

    private void publish(int data) {
        JsonNode answer = publisher.call("publish", "{\"topic\":\"" + topic + "\",\"data\":" + data + "}");
        assertThat(answer.has("error")).as(answer::toString).isFalse();
    }

    private void subscribe(RawWorker worker, String name, String members) {
        worker.trigger(name + id, "subscribe", function, "{\"topic\":\"" + topic + "\"}", members);
    }

    private int told(RawWorker worker) {
        JsonNode call = worker.nextCallOf(function);
        worker.answer(call, "null");
        return call.get("data").intValue();
    }

    @Test
    void shouldReachSubscribersOfEveryGatewayOnce() {
        try (RawWorker here = engine.worker("here-" + id).serve(function);
                RawWorker there = engine.worker(second, "here-" + id).serve(function)) {
            subscribe(here, "one", "");
            subscribe(there, "two", "");
            for (int i = 0; i < 5; i++) {
                publish(i);
                assertThat(told(here)).isEqualTo(i);
                assertThat(told(there)).isEqualTo(i);
            }
            assertThat(here.silentAbout("invokefunction", SILENCE)).isTrue();
            assertThat(there.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldTellOnceAgainAfterAReconnection() {
        try (RawWorker before = engine.worker("w-" + id).serve(function)) {
            subscribe(before, "t", "");
            publish(1);
            assertThat(told(before)).isEqualTo(1);
        }
        try (RawWorker after = engine.worker("w-" + id).serve(function)) {
            subscribe(after, "t", "");
            publish(2);
            assertThat(told(after)).isEqualTo(2);
            assertThat(after.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldMissWhatWasPublishedWhileNobodyWasThere() {
        publish(1);
        try (RawWorker late = engine.worker("late-" + id).serve(function)) {
            subscribe(late, "t", "");
            publish(2);
            assertThat(told(late)).isEqualTo(2);
        }
    }

    @Test
    void shouldCallTheFunctionOfTheTriggersNamespace() {
        try (RawWorker plain = engine.worker("plain-" + id).serve(function);
                RawWorker orders = engine.connect().announce("orders-" + id, "\"namespace\":\"orders-" + id + "\"")) {
            orders.register(function);
            subscribe(orders, "t", ",\"namespace\":\"orders-" + id + "\"");
            orders.call("publish", "{\"topic\":\"" + topic + "\",\"data\":7}");
            assertThat(told(orders)).isEqualTo(7);
            assertThat(plain.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    /** The keeper's copy of the catalog may be a moment old when it picks the gateway. */
    @Test
    void shouldPassOnACallThatTheKeeperSentToAGatewayWhoseWorkerHasLeft() throws Exception {
        try (RawWorker there = engine.worker(second, "there-" + id).serve(function)) {
            Catalog catalog = engine.gateway().gateway().catalog();
            String holder = requireNonNull(catalog.worker(there.id())).gateway();
            int slot = catalog.gateways().stream()
                    .filter(each -> !each.id().equals(holder) && !each.slots().isEmpty())
                    .findFirst()
                    .orElseThrow()
                    .slots()
                    .getFirst();
            Call call = new Call(
                    id, function, "default", RawJson.of("7"), null, false, null, null, null, System.currentTimeMillis() + 30_000);
            ProducerRecord<byte[], byte[]> made =
                    CallCodec.encode("", new RoutedCall(call, null, 0, 0), System.currentTimeMillis());
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(
                                engine.topics().deliveries(), slot, made.key(), made.value(), made.headers()))
                        .get();
            }
            assertThat(told(there)).isEqualTo(7);
            assertThat(there.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }
}
