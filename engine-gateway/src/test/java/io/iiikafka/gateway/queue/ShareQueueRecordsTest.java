package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues with a topic of their own, as other applications of Kafka see them (spec: queue.md 13.2). */
@Timeout(120)
class ShareQueueRecordsTest {

    private static final TestEngine ENGINE = TestEngine.shared();

    @AutoClose
    private final Worker worker = Jobs.connect(ENGINE, "worker");

    private final SharedQueue shared = new SharedQueue(ENGINE, worker, Jobs.unique("q"));
    private final String function = Jobs.unique("f");

    @Test
    void shouldRunRecordsOfOtherApplications() {
        Jobs jobs = Jobs.serve(worker, function);
        String other = Jobs.unique("g");
        Jobs others = Jobs.serve(worker, other);
        shared.define(",\"function_id\":\"" + function + "\"");

        shared.produce("{\"from\":\"elsewhere\"}", Map.of());
        shared.produce("[1]", Map.of("iii_function", other));

        assertThat(jobs.await(1).data()).containsExactly("{\"from\":\"elsewhere\"}");
        assertThat(others.await(1).data()).containsExactly("[1]");
    }

    @Test
    void shouldLayAsideWhatIsNoJob() {
        shared.define("");
        shared.produce("not json", Map.of("iii_function", function));
        shared.produce("{}", Map.of());

        List<JsonNode> letters = shared.deadLetters(2);
        assertThat(letters).extracting(each -> each.get("error").textValue()).allSatisfy(error -> assertThat(error)
                .startsWith("unreadable_record: ")
                .containsAnyOf("is not JSON", "names no function"));
    }

    @Test
    void shouldLayAsideWhatIsTooLargeForTheKeeperAndGoOn() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define(",\"function_id\":\"" + function + "\"");
        shared.produce("\"" + "x".repeat(800 * 1024) + "\"", Map.of()); // of 1 MiB that the topic takes
        shared.produce("1", Map.of());

        assertThat(jobs.await(1).data()).containsExactly("1");
        assertThat(shared.deadLetters(1).getFirst().get("error").textValue()).startsWith("payload_too_large: ");
    }

    @Test
    void shouldRunWhatWasGivenBackOftenAndLayAsideWhatNobodyEverDealtWith() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define(",\"paused\":true");
        worker.enqueue(shared.name(), function, "given back");
        giveBack(7);
        shared.define("");
        assertThat(jobs.await(1).data()).containsExactly("\"given back\"");

        shared.define(",\"paused\":true");
        worker.enqueue(shared.name(), function, "poison");
        giveBack(8);
        shared.define("");
        assertThat(shared.deadLetters(1).getFirst().get("error").textValue()).startsWith("delivery_limit: ");
        assertThat(jobs.staysAt(1, Duration.ofMillis(500))).isTrue();
    }

    /** As gateways would that die of the one record each time before they begin with it. Kafka delivers it ten times at most. */
    private void giveBack(int times) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, shared.topic());
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(shared.topic()));
            AtomicInteger given = new AtomicInteger();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    given.set(record.deliveryCount().orElseThrow());
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                }
                consumer.commitSync();
                return given.get() >= times;
            });
            assertThat(given.get()).isEqualTo(times);
        }
    }
}
