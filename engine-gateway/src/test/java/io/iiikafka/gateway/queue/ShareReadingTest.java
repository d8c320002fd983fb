package io.iiikafka.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.HeaderNames;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of records that brokers give late, or not often, with brokers that answer as the test says. */
@Timeout(60)
class ShareReadingTest {

    private static final String TOPIC = "topic";

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final Worker worker = Jobs.connect(engine, "worker");

    private final String function = Jobs.unique("f");
    private final Places places = new Places();
    private int deliveryLimit = 10;

    @AutoClose("stop")
    private @Nullable ShareReading reading;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    /** As Kafka's: a renewed record is nobody's to acknowledge until it is polled again. */
    private static class Consumer extends MockShareConsumer<byte[], byte[]> {

        final Queue<List<ConsumerRecord<byte[], byte[]>>> polls = new ArrayDeque<>();
        final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
        private final Set<Integer> inFlight = new HashSet<>();
        final List<ConsumerRecord<byte[], byte[]>> renewing = new ArrayList<>();

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
            assertThat(inFlight).as("all are acknowledged").isEmpty();
            if (!isBack(patience)) {
                return ConsumerRecords.empty();
            }
            List<ConsumerRecord<byte[], byte[]>> given =
                    renewing.isEmpty() && !polls.isEmpty() ? polls.remove() : List.copyOf(renewing);
            renewing.clear();
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : given) {
                inFlight.add(record.partition());
                records.put(new TopicPartition(TOPIC, record.partition()), List.of(record));
            }
            return new ConsumerRecords<>(records, Map.of());
        }

        boolean isBack(Duration patience) {
            return true;
        }

        @Override
        public synchronized void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
            if (!inFlight.remove(record.partition())) {
                throw new IllegalStateException("The record cannot be acknowledged.");
            }
            if (type == AcknowledgeType.RENEW) {
                renewing.add(record);
            } else if (type == AcknowledgeType.ACCEPT) {
                accepted.add(record.partition());
            }
        }

        @Override
        public Optional<Integer> acquisitionLockTimeoutMs() {
            return Optional.of(60); // renewed after 20 ms, before a job is lent
        }
    }

    private ConsumerRecord<byte[], byte[]> record(int partition) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.FUNCTION, function.getBytes(UTF_8));
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                0,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                0,
                1,
                null,
                Integer.toString(partition).getBytes(UTF_8),
                headers,
                Optional.empty(),
                Optional.of((short) 1));
    }

    private void read(Consumer consumer) {
        engine.awaitServed(function);
        ShareJobs jobs = new ShareJobs(
                Jobs.unique("q"),
                () -> QueueSettings.DEFAULT,
                engine.gateway().gateway().invoker(),
                engine.gateway().gateway().dispatcher(),
                engine.gateway().gateway().catalog(),
                new KeeperDoor(engine.gateway().gateway().invoker(), new QueueRoom()),
                JobWatch.NONE,
                DeliverySpans.NONE,
                deliveryLimit,
                1_000_000);
        ShareReading opened =
                new ShareReading(consumer, TOPIC, 10, true, places, () -> false, record -> false, jobs);
        reading = opened;
        Thread thread = new Thread(opened::run, "reading");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void shouldNotRunAgainAJobThatEndedWhileItsRenewalWasSlow() {
        CountDownLatch free = new CountDownLatch(1);
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> free.await(20, TimeUnit.SECONDS));
        places.share(4, 1, 0);
        Consumer consumer = new Consumer() {
            @Override
            boolean isBack(Duration patience) { // not before the reading has nothing else to do
                return renewing.isEmpty() || patience.toMillis() >= 1_000;
            }
        };
        consumer.polls.add(List.of(record(0)));
        read(consumer);

        Awaitility.await().until(() -> consumer.accepted.contains(0));
        assertThat(jobs.data()).containsExactly("0");
        free.countDown();
    }

    @Test
    void shouldRunNoRecordThatWasNotRenewedAfterALongTimeWithoutAPoll() {
        Jobs jobs = Jobs.serve(worker, function);
        places.share(1, 1, 0);
        Consumer consumer = new Consumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
                if (polls.size() == 2) {
                    places.take();
                }
                renewing.removeIf(record -> record.partition() == 0); // somebody else has it
                return super.poll(patience);
            }

            @Override
            public synchronized void commitAsync() { // it has no place; 50 ms later it has
                if (!places.any()) {
                    long end = System.nanoTime() + 50_000_000;
                    while (System.nanoTime() < end) {
                        LockSupport.parkNanos(this, end - System.nanoTime());
                    }
                    places.free();
                }
            }
        };
        consumer.polls.add(List.of());
        consumer.polls.add(List.of(record(0), record(1)));
        read(consumer);

        Awaitility.await().until(() -> consumer.accepted.contains(1));
        assertThat(jobs.data()).doesNotContain("0");
    }

    @Test
    void shouldRunARecordAtItsFirstDeliveryHoweverFewKafkaAllows() {
        Jobs jobs = Jobs.serve(worker, function);
        places.share(4, 1, 0);
        deliveryLimit = 2;
        Consumer consumer = new Consumer();
        consumer.polls.add(List.of(record(0)));
        read(consumer);

        assertThat(jobs.await(1).data()).containsExactly("0");
    }
}
