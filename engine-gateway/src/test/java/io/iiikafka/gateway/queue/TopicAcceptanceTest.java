package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durable topics, as seen by users (spec: queue.md sections 3, 6, 15). */
@Timeout(60)
class TopicAcceptanceTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final Worker worker = Jobs.connect(engine, "worker");

    private final String topic = Jobs.unique("t");
    private final String function = Jobs.unique("f");

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private void publish(Object data) {
        assertThat(worker.trigger("iii::durable::publish", RawJson.ofValue(Map.of("topic", topic, "data", data))))
                .isEqualTo(RawJson.NULL);
    }

    private JsonNode deadLetters() {
        return Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", topic));
    }

    /** 9. */
    @Test
    void shouldGiveEachFunctionACopyAndReplicasOne() {
        String other = Jobs.unique("g");
        try (Worker replica = Jobs.connect(engine, "other")) {
            Jobs one = Jobs.serve(worker, function);
            Jobs two = Jobs.serve(replica, other);
            worker.bind(Trigger.queue(topic).to(function));
            worker.bind(Trigger.queue(topic).to(function));
            replica.bind(Trigger.queue(topic).to(other));
            Jobs.call(replica, "engine::queue::list_topics", Map.of());

            IntStream.range(0, 10).forEach(this::publish);
            assertThat(one.await(10).data()).containsExactlyInAnyOrderElementsOf(two.await(10).data());
            assertThat(one.staysAt(10, Duration.ofMillis(200))).isTrue();
            assertThat(two.seen()).hasSize(10);
        }
    }

    /** 10. */
    @Test
    void shouldGoOnForOneSubscriberWhenTheOtherUnregisters() {
        String other = Jobs.unique("g");
        Jobs one = Jobs.serve(worker, function);
        Jobs two = Jobs.serve(worker, other);
        Registration first = worker.bind(Trigger.queue(topic).to(function));
        worker.bind(Trigger.queue(topic).to(other));
        publish(1);
        one.await(1);
        first.unregister();

        publish(2);
        two.await(2);
        assertThat(one.staysAt(1, Duration.ofMillis(200))).isTrue();

        worker.bind(Trigger.queue(topic).to(function)); // begins anew
        publish(3);
        assertThat(one.await(2).data()).containsExactly("1", "3");
    }

    /** 11. */
    @ParameterizedTest
    @CsvSource({"false, 0", "null, 1", "0, 1", "'\"\"', 1"})
    void shouldDropWhatTheConditionVetoes(String verdict, int calls) {
        String condition = Jobs.unique("c");
        worker.function(condition, data -> RawJson.of(verdict));
        Jobs jobs = Jobs.serve(worker, function);
        worker.bind(Trigger.queue(topic).with("condition_function_id", condition).to(function));

        publish("x");
        assertThat(jobs.await(calls).staysAt(calls, Duration.ofMillis(400))).isTrue();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void shouldGiveUpAMessageWhoseConditionFails() {
        Jobs jobs = Jobs.serve(worker, function);
        String condition = Jobs.unique("c");
        worker.function(condition, data -> {
            throw new IllegalStateException("no verdict");
        });
        worker.bind(Trigger.queue(topic).with("condition_function_id", condition).with("max_retries", 1).to(function));

        publish("x");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> deadLetters().size() == 1);
        assertThat(deadLetters().get(0).get("error").textValue()).startsWith("Condition function error: ");
        assertThat(jobs.seen()).isEmpty();
    }

    /** 12. */
    @Test
    void shouldKeepMessagesWhileTheOnlySubscriberIsAway() {
        try (RawWorker away = engine.worker("away").serve(function)) {
            away.trigger("t", "durable:subscriber", function, "{\"topic\":\"" + topic + "\"}", "");
            away.cut();
        }
        publish("meanwhile");

        Jobs jobs = Jobs.serve(worker, function);
        worker.bind(Trigger.queue(topic).to(function));
        assertThat(jobs.await(1).data()).containsExactly("\"meanwhile\"");
    }

    /** 18. */
    @Test
    void shouldHaveASubscriptionForEachNamespace() {
        Jobs here = Jobs.serve(worker, function);
        worker.bind(Trigger.queue(topic).to(function));
        try (RawWorker orders = engine.connect().announce("orders", "\"runtime\":\"node\",\"namespace\":\"orders\"")) {
            orders.serve(function);
            orders.trigger("o", "queue", function, "{\"topic\":\"" + topic + "\"}", ",\"namespace\":\"orders\"");

            publish(1);
            orders.answer(orders.called(function), "null");
            here.await(1);
        }
    }

    /** 21. */
    @ParameterizedTest
    @CsvSource({"event, emit, topic", "queue, enqueue, topic", "durable:subscriber, iii::durable::publish, queue"})
    void shouldKnowOldNames(String type, String function, String key) {
        Jobs jobs = Jobs.serve(worker, this.function);
        String condition = Jobs.unique("c");
        worker.function(condition, data -> RawJson.of(String.valueOf(data.toString().length() > 3)));
        worker.bind(Trigger.on(type).with(key, topic).with("_condition_path", condition).to(this.function));

        worker.trigger(function, Map.of(key, topic, "data", 1));
        worker.trigger(function, Map.of(key, topic, "data", 12345));
        assertThat(jobs.await(1).data()).containsExactly("12345");
    }

    @Test
    void shouldRefuseAMessageWithoutATopic() {
        assertThatThrownBy(() -> worker.trigger("iii::durable::publish", Map.of("topic", "", "data", 1)))
                .asString()
                .contains("topic_not_set: Topic is not set");
        assertThatThrownBy(() -> worker.trigger("iii::durable::publish", Map.of("topic", "t")))
                .asString()
                .contains("deserialization_error");
    }

    @Test
    void shouldDeliverTheMetadataOfTheTrigger() {
        try (RawWorker subscriber = engine.worker("subscriber").serve(function)) {
            subscriber.trigger(
                    "t-" + UUID.randomUUID(), "durable:subscriber", function, "{\"topic\":\"" + topic + "\"}",
                    ",\"metadata\":{\"__binding\":\"b\",\"k\":1}");
            publish(1);
            assertThat(subscriber.called(function).get("metadata")).hasToString("{\"__binding\":\"b\",\"k\":1}");
        }
    }

    @Test
    void shouldHandleOneMessageAfterTheOtherWhenAskedTo() {
        Jobs jobs = Jobs.serve(worker, function, (data, number) -> {
            if (number == 2) {
                throw new IllegalStateException("once");
            }
        });
        worker.bind(Trigger.queue(topic)
                .with("queue_config", Map.of("type", "fifo", "maxRetries", 1, "backoffDelayMs", 50))
                .to(function));

        IntStream.range(0, 5).forEach(this::publish);
        assertThat(jobs.await(6).data()).containsExactly("0", "1", "1", "2", "3", "4");
        assertThat(jobs.mostRunning()).isEqualTo(1);
    }

    @Test
    void shouldRedriveOnlyToTheSubscriptionThatFailed() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Jobs failing = Jobs.serve(worker, function, (data, number) -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
        });
        String other = Jobs.unique("g");
        Jobs fine = Jobs.serve(worker, other);
        worker.bind(Trigger.queue(topic).with("max_retries", 1).to(function));
        worker.bind(Trigger.queue(topic).to(other));
        publish("x");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> deadLetters().size() == 1);
        broken.set(false);

        assertThat(Jobs.call(worker, "iii::queue::redrive", Map.of("topic", topic)).get("redriven").intValue()).isEqualTo(1);
        failing.await(2);
        assertThat(fine.staysAt(1, Duration.ofMillis(200))).isTrue();
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void shouldCountInStatistics() {
        Jobs.serve(worker, function);
        worker.bind(Trigger.queue(topic).to(function));
        publish(1);

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode stats = Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", topic));
            assertThat(stats.get("depth").intValue()).isZero();
            assertThat(stats.get("dlq_depth").intValue()).isZero();
            assertThat(stats.get("consumer_count").intValue()).isEqualTo(1);
            assertThat(stats.get("config").isNull()).isTrue();
        });
        assertThat(Jobs.call(worker, "engine::queue::topic_stats", Map.of("topic", "unheard-of")).get("depth").intValue())
                .isZero();
    }
}
