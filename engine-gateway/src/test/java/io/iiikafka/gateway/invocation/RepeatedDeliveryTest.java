package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
            int slot = engine.gateway().gateway().catalog().gateways().iterator().next().slots().getFirst();

            for (int offset : new int[] {FAR + 5, FAR + 3, FAR + 5, FAR + 3, FAR + 6}) {
                router.send(delivery(engine, slot, function, offset)).get();
            }

            for (int offset : new int[] {FAR + 5, FAR + 3, FAR + 6}) {
                assertThat(worker.called(function).get("data").intValue()).isEqualTo(offset);
            }
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();
        }
    }

    private static ProducerRecord<byte[], byte[]> delivery(TestEngine engine, int slot, String function, int offset) {
        Call call = new Call(
                UUID.randomUUID().toString(),
                function,
                Call.DEFAULT_NAMESPACE,
                RawJson.of(Integer.toString(offset)),
                null,
                false,
                null,
                null,
                null,
                Long.MAX_VALUE);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                engine.topics().deliveries(), slot, function.getBytes(UTF_8), new RoutedCall(call, null, 0, 0),
                System.currentTimeMillis());
        record.headers().add(HeaderNames.ROUTED_FROM, ("0:" + offset).getBytes(UTF_8));
        return record;
    }
}
