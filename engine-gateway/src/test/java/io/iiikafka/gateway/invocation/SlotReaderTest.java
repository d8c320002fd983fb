package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.membership.PromptConsumer;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slots that change hands while something goes wrong. */
class SlotReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String topic = TestBroker.freshPrefix() + "deliveries";
    private final TopicPartition slot = new TopicPartition(topic, 0);
    private final List<String> dealtWith = new CopyOnWriteArrayList<>();
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void createSlot() throws Exception {
        admin = TestBroker.admin();
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
        producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        producer.close();
        admin.close();
    }

    @Test
    void shouldReadASlotThatKafkaDidNotTellOfInTime() {
        AtomicBoolean told = new AtomicBoolean();
        PromptConsumer consumer = new PromptConsumer(properties()) {
            @Override
            public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration patience) {
                if (told.compareAndSet(false, true)) {
                    throw new TimeoutException("the coordinator is away");
                }
                return super.committed(partitions, patience);
            }
        };
        try (SlotReader reader = reader("a", consumer, new Noted())) {
            reader.start();
            Awaitility.await().atMost(PATIENCE).untilTrue(told);
            Awaitility.await().atMost(PATIENCE).until(() -> {
                deliver("f"); // what was there at the take-over may have run elsewhere
                return dealtWith.contains("run f");
            });
        }
    }

    @Test
    void shouldNotRunWhatAGatewayThatIsGoneMayHaveRunThoughAnotherHandsTheSlotOver() throws Exception {
        deliver("one", "two", "three");
        admin.alterConsumerGroupOffsets(
                        topic,
                        Map.of(slot, new OffsetAndMetadata(0, CommitNote.running("gone").text())))
                .all()
                .get(10, TimeUnit.SECONDS);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Noted slow = new Noted() {
            @Override
            public void stop(Delivery delivery) {
                super.stop(delivery);
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        Map<String, Object> oneByOne = properties();
        oneByOne.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        try (SlotReader between = reader("between", new PromptConsumer(oneByOne), slow)) {
            between.start();
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Thread closing = Thread.ofVirtual().start(between::close);
            Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            closing.join();
        } finally {
            goOn.countDown();
        }
        assertThat(dealtWith).containsExactly("stop one");
        assertThat(admin.listConsumerGroupOffsets(topic)
                        .partitionsToOffsetAndMetadata()
                        .get(10, TimeUnit.SECONDS)
                        .get(slot))
                .isEqualTo(new OffsetAndMetadata(1, CommitNote.handedOver("between", 3).text()));

        try (SlotReader next = reader("next", new PromptConsumer(properties()), new Noted())) {
            next.start();
            Awaitility.await().atMost(PATIENCE).until(() -> dealtWith.size() == 3);
            deliver("four");
            Awaitility.await().atMost(PATIENCE).until(() -> dealtWith.size() == 4);
        }

        assertThat(dealtWith).containsExactly("stop one", "stop two", "stop three", "run four");
    }

    private Map<String, Object> properties() {
        return new HashMap<>(SlotReader.properties(TestBroker.clientProperties(), topic, null));
    }

    private SlotReader reader(String gateway, PromptConsumer consumer, Deliveries deliveries) {
        return new SlotReader(gateway, topic, 1, deliveries, new Unconcerned(), consumer);
    }

    private void deliver(String... functions) {
        for (String function : functions) {
            Call call = new Call(
                    "id", function, Call.DEFAULT_NAMESPACE, null, null, false, null, null, null, Long.MAX_VALUE);
            producer.send(CallCodec.encode(topic, List.of(new RoutedCall(call, null, 0, 0)), System.currentTimeMillis()));
        }
        producer.flush();
    }

    /** Notes what is to become of each, which is all that is done with it. */
    private class Noted implements Deliveries {

        @Override
        public void accept(Delivery delivery) {
            end("run ", delivery);
        }

        @Override
        public void stop(Delivery delivery) {
            end("stop ", delivery);
        }

        @Override
        public void fail(Delivery delivery) {
            end("fail ", delivery);
        }

        private void end(String how, Delivery delivery) {
            dealtWith.add(how + delivery.call().functionId());
            delivery.progress().done();
        }
    }

    private static final class Unconcerned implements SlotListener {

        @Override
        public void slotsChanged(Set<Integer> slots) {}

        @Override
        public void leavesUnfinished(Map<Integer, List<SlotProgress.Mark>> bySlot) {}

        @Override
        public void predecessorGone(String gateway) {}

        @Override
        public void slotsLost() {}
    }
}
