package io.iiikafka.gateway.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.socket.SocketSettings;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.micrometer.core.instrument.Counter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events for workers that are at their limit of calls, and what becomes of events (spec: pubsub.md 4, 6). */
class PubsubBufferTest {

    /** Calls that a worker may have at once. */
    private static final int LIMIT = 2;

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String topic = "t-" + id;
    private final String function = "hear-" + id;

    @AutoClose
    private final RawWorker subscriber = engine.worker("subscriber-" + id).serve(function);

    @AutoClose
    private final RawWorker publisher = engine.worker("publisher-" + id);

    @BeforeAll
    static void start() {
        SocketSettings usual = TestEngine.sockets();
        engine = TestEngine.start(new SocketSettings(
                usual.maxMessageBytes(), usual.maxPayloadBytes(), usual.maxRegistrationBytes(), usual.maxQueuedBytes(), LIMIT,
                usual.maxFunctions(), usual.maxRegistrations(), usual.maxRegisteredBytes(), usual.namespaceGrace(),
                usual.quietGrace(), usual.pingInterval(), usual.idleTimeout(), usual.probeTimeout(), usual.callCeiling()));
    }

    private void subscribe(String name, String members) {
        subscriber.trigger(name + id, "subscribe", function, "{\"topic\":\"" + topic + "\"" + members + "}", "");
    }

    private void publish(int from, int to) {
        for (int n = from; n <= to; n++) {
            JsonNode answer = publisher.call("publish", "{\"topic\":\"" + topic + "\",\"data\":" + n + "}");
            assertThat(answer.has("error")).as(answer::toString).isFalse();
        }
    }

    private JsonNode told(int expected) {
        JsonNode call = subscriber.called(function);
        assertThat(call.get("data").intValue()).isEqualTo(expected);
        return call;
    }

    private void assertCounted(String counter, int times) {
        Awaitility.await().untilAsserted(() -> {
            Counter found = engine.gateway().meters().find("iii.pubsub." + counter).tag("topic", topic).counter();
            assertThat(found == null ? 0 : found.count()).isEqualTo(times);
        });
    }

    @Test
    void shouldShowHowManySubscriptionsThereAre() {
        Awaitility.await().untilAsserted(() -> assertThat(subscriptions()).as("of other tests").isZero());
        subscribe("one", "");
        subscribe("two", "");
        Awaitility.await().untilAsserted(() -> assertThat(subscriptions()).isEqualTo(2));
        subscriber.close();
        Awaitility.await().untilAsserted(() -> assertThat(subscriptions()).isZero());
    }

    private static double subscriptions() {
        return engine.gateway().meters().get("iii.pubsub.subscriptions").gauge().value();
    }

    @Test
    void shouldKeepEventsInOrderUntilTheWorkerCanTakeThem() {
        subscribe("t", "");
        publish(1, LIMIT + TestEngine.SUBSCRIBER_BUFFER);
        List<JsonNode> calls = new ArrayList<>(List.of(told(1), told(2)));
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).as("it is at its limit").isTrue();
        for (int n = 3; n <= LIMIT + TestEngine.SUBSCRIBER_BUFFER; n++) {
            subscriber.answer(calls.removeFirst(), "null");
            calls.add(told(n));
        }
        calls.forEach(call -> subscriber.answer(call, "null"));
        publish(20, 20);
        subscriber.answer(told(20), "null");
        assertCounted("delivered", LIMIT + TestEngine.SUBSCRIBER_BUFFER + 1);
        assertCounted("dropped", 0);
    }

    @Test
    void shouldDropTheOldestThatWaitAndCountThem() {
        subscribe("t", "");
        publish(1, LIMIT + TestEngine.SUBSCRIBER_BUFFER + 5);
        List<JsonNode> first = List.of(told(1), told(2));
        assertCounted("dropped", 5);
        first.forEach(call -> subscriber.answer(call, "null"));
        IntStream.rangeClosed(8, LIMIT + TestEngine.SUBSCRIBER_BUFFER + 5).forEach(n -> subscriber.answer(told(n), "null"));
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
        assertCounted("delivered", LIMIT + TestEngine.SUBSCRIBER_BUFFER);
    }

    @Test
    void shouldDropTheOldestWhenThePayloadsOfThoseThatWaitHaveNoRoom() {
        subscribe("t", "");
        publish(1, LIMIT);
        List<JsonNode> first = List.of(told(1), told(2));
        String large = "x".repeat(6_000_000); // four have room beside each other
        for (int n = 1; n <= 6; n++) {
            JsonNode answer = publisher.call("publish", "{\"topic\":\"" + topic + "\",\"data\":\"" + n + large + "\"}");
            assertThat(answer.has("error")).as(answer::toString).isFalse();
        }
        assertCounted("dropped", 2);
        first.forEach(call -> subscriber.answer(call, "null"));
        for (int n = 3; n <= 6; n++) {
            JsonNode call = subscriber.called(function);
            assertThat(call.get("data").textValue()).startsWith(n + "x");
            subscriber.answer(call, "null");
        }
        assertCounted("delivered", LIMIT + 4);
        assertCounted("dropped", 2);
    }

    @Test
    void shouldNotLetEventsWaitForLongerThanTheyMay() {
        subscribe("t", ",\"timeout_ms\":4000");
        publish(1, LIMIT + 3);
        List<JsonNode> first = List.of(told(1), told(2));
        assertCounted("dropped", 3);
        first.forEach(call -> subscriber.answer(call, "null"));
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldRefuseWhatHasNoRoomBehindAConditionThatIsNotAnswered() {
        String condition = "judge-" + id;
        try (RawWorker judge = engine.worker(condition).serve(condition)) {
            subscribe("t", ",\"timeout_ms\":60000,\"condition_function_id\":\"" + condition + "\"");
            String large = "x".repeat(6_000_000); // two have room behind the first
            for (int round = 1; round <= 2; round++) {
                for (int n = 1; n <= 4; n++) {
                    JsonNode answer = publisher.call("publish", "{\"topic\":\"" + topic + "\",\"data\":\"" + n + large + "\"}");
                    assertThat(answer.has("error")).as(answer::toString).isFalse();
                }
                assertCounted("failed", round);
                for (int n = 1; n <= 3; n++) {
                    judge.answer(judge.called(condition), "true");
                    JsonNode call = subscriber.called(function);
                    assertThat(call.get("data").textValue()).startsWith(n + "x");
                    subscriber.answer(call, "null");
                }
                assertCounted("delivered", 3 * round);
            }
        }
    }

    @Test
    void shouldNotLetEventsWaitForAConditionForLongerThanTheyMay() {
        String condition = "judge-" + id;
        try (RawWorker judge = engine.worker(condition).serve(condition)) {
            subscribe("t", ",\"timeout_ms\":4000,\"condition_function_id\":\"" + condition + "\"");
            publish(1, 4);
            JsonNode question = judge.called(condition);
            assertCounted("dropped", 3);
            judge.answer(question, "true");
            assertCounted("dropped", 4);
            assertThat(judge.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldTellTheOtherWorkerOfTheFunctionWhatWaitedForOneThatLeft() {
        subscribe("t", ",\"timeout_ms\":60000");
        publish(1, LIMIT + 3);
        told(1);
        told(2);
        try (RawWorker other = engine.worker("subscriber-" + id)) { // a replica
            other.register(function);
            engine.awaitServed(function, 2);
            subscriber.cut();
            for (int n = 3; n <= LIMIT + 3; n++) {
                JsonNode call = other.called(function);
                assertThat(call.get("data").intValue()).isEqualTo(n);
                other.answer(call, "null");
            }
        }
        assertCounted("failed", LIMIT);
        assertCounted("delivered", 3);
    }

    @Test
    void shouldCountWhatFailsAndWhatNobodyServes() {
        subscribe("t", "");
        publish(1, 1);
        subscriber.fail(told(1), "boom");
        assertCounted("failed", 1);
        assertCounted("delivered", 0);
    }
}
