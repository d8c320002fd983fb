package io.iiikafka.gateway.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code publish} and triggers of type {@code subscribe} by bare frames (spec: pubsub.md 2 to 4). */
class PubsubTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String topic = "orders." + id;
    private final String function = "notify-" + id;

    @AutoClose
    private final RawWorker subscriber = engine.worker("subscriber-" + id).serve(function);

    @AutoClose
    private final RawWorker publisher = engine.worker("publisher-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private void subscribe(String name) {
        subscriber.trigger(name + id, "subscribe", function, "{\"topic\":\"" + topic + "\"}", "");
    }

    private JsonNode publish(String data) {
        return publisher.call("publish", "{\"topic\":\"" + topic + "\",\"data\":" + data + "}");
    }

    private JsonNode told() {
        JsonNode call = subscriber.nextCallOf(function);
        subscriber.answer(call, "null");
        return call;
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1, \"z\":[1.5]}", "\"text\"", "[1,2]", "null", "7", "true"})
    void shouldTellTheSubscriberOfJustWhatWasPublished(String data) {
        subscribe("t");
        JsonNode answer = publish(data);
        assertThat(answer.has("error")).isFalse();
        assertThat(answer.path("result").isNull() || answer.path("result").isMissingNode()).isTrue();
        assertThat(told().get("data").toString()).isEqualTo(data.replace(" ", ""));
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellEachTriggerOnceAndOnlyThoseOfTheTopic() {
        String other = "other-" + id;
        subscriber.serve(other);
        subscribe("one");
        subscribe("two");
        subscriber.trigger("three" + id, "subscribe", other, "{\"topic\":\"" + topic + "\"}", "");
        subscriber.trigger("four" + id, "subscribe", other, "{\"topic\":\"" + topic + ".more\"}", "");
        publish("1");
        assertThat(told().get("data").intValue()).isEqualTo(1);
        assertThat(told().get("data").intValue()).isEqualTo(1);
        subscriber.answer(subscriber.nextCallOf(other), "null");
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldGoOnTellingTheOthersWhenOneUnsubscribes() {
        subscribe("one");
        subscribe("two");
        subscriber.send("{\"type\":\"unregistertrigger\",\"id\":\"one" + id + "\"}");
        subscriber.call("engine::workers::list", "{}");
        publish("1");
        told();
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldReachASubscriptionThatWasMadeOnTheSameSocketAMomentBefore() {
        publisher.register(function + "-own");
        publisher.send("{\"type\":\"registertrigger\",\"id\":\"own" + id + "\",\"trigger_type\":\"pubsub\",\"function_id\":\""
                + function + "-own\",\"config\":{\"topic\":\"" + topic + "\"}}");
        publish("1");
        assertThat(publisher.called(function + "-own").get("data").intValue()).isEqualTo(1);
    }

    @Test
    void shouldAnswerThePublisherWhenNobodySubscribedOrAHandlerIsSlow() {
        assertThat(publish("1").has("error")).isFalse();
        subscribe("t");
        long begun = System.nanoTime();
        assertThat(publish("2").has("error")).isFalse(); // it is not answered until below
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        subscriber.fail(subscriber.nextCallOf(function), "boom");
        assertThat(publish("3").has("error")).isFalse();
        assertThat(told().get("data").intValue()).isEqualTo(3);
    }

    @Test
    void shouldRefuseWhatIsNotPublishable() {
        assertThat(error("{\"topic\":\"\",\"data\":1}")).containsExactly("topic_not_set", "Topic is not set");
        assertThat(error("{\"topic\":\"t\"}"))
                .containsExactly("deserialization_error", "Failed to deserialize input for publish: missing field `data`");
        assertThat(error("{\"data\":1}").getFirst()).isEqualTo("deserialization_error");
        assertThat(error("{\"topic\":7,\"data\":1}").getFirst()).isEqualTo("deserialization_error");
        assertThat(error("[]").getFirst()).isEqualTo("deserialization_error");
    }

    private List<String> error(String input) {
        JsonNode error = publisher.call("publish", input).get("error");
        return List.of(error.get("code").textValue(), error.get("message").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"topic\":\"\"}", "{\"topic\":7}", "{\"topic\":null}"})
    void shouldRefuseATriggerWithoutATopic(String config) {
        subscriber.send("{\"type\":\"registertrigger\",\"id\":\"bad" + id + "\",\"trigger_type\":\"subscribe\","
                + "\"function_id\":\"" + function + "\",\"config\":" + config + "}");
        JsonNode refused = subscriber.next("triggerregistrationresult");
        assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refused.at("/error/message").textValue()).isEqualTo("topic is required for subscribe trigger");
    }

    @Test
    void shouldHandOverTheMetadataOfTheTrigger() {
        subscriber.trigger("t" + id, "subscribe", function, "{\"topic\":\"" + topic + "\"}", ",\"metadata\":{\"m\":1}");
        publish("1");
        assertThat(told().get("metadata").toString()).isEqualTo("{\"m\":1}");
    }

    @Test
    void shouldCallOnlyWhenTheConditionDoesNotSayFalse() {
        String condition = "condition-" + id;
        subscriber.serve(condition);
        subscriber.trigger(
                "t" + id,
                "subscribe",
                function,
                "{\"topic\":\"" + topic + "\",\"condition_function_id\":\"" + condition + "\"}",
                "");
        for (String verdict : List.of("false", "null", "0")) {
            publish("\"" + verdict + "\"");
            JsonNode asked = subscriber.nextCallOf(condition);
            assertThat(asked.get("data").textValue()).isEqualTo(verdict);
            subscriber.answer(asked, verdict);
        }
        publish("\"fails\"");
        subscriber.fail(subscriber.nextCallOf(condition), "boom");
        assertThat(told().get("data").textValue()).isEqualTo("null");
        assertThat(told().get("data").textValue()).isEqualTo("0");
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellAThousandEventsInOrder() {
        subscribe("t");
        for (int i = 0; i < 1_000; i++) {
            publisher.send("{\"type\":\"invokefunction\",\"function_id\":\"publish\",\"action\":{\"type\":\"void\"},"
                    + "\"data\":{\"topic\":\"" + topic + "\",\"data\":" + i + "}}");
        }
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(told().get("data").intValue());
        }
        assertThat(seen).isSorted().hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void shouldTellEachReplicaThatSubscribed() {
        try (RawWorker replica = engine.worker("subscriber-" + id).serve(function)) {
            subscribe("one");
            replica.trigger("two" + id, "subscribe", function, "{\"topic\":\"" + topic + "\"}", "");
            for (int i = 0; i < 3; i++) {
                publish(Integer.toString(i));
                assertThat(told().get("data").intValue()).isEqualTo(i);
                JsonNode own = replica.called(function);
                assertThat(own.get("data").intValue()).isEqualTo(i);
                replica.answer(own, "null");
            }
        }
    }

    @Test
    void shouldPublishWhatIsEnqueued() {
        subscribe("t");
        JsonNode receipt = publisher.awaitResult(publisher.start(
                "publish",
                "{\"topic\":\"" + topic + "\",\"data\":1}",
                ",\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"}"));
        assertThat(receipt.at("/result/messageReceiptId").textValue()).as(receipt::toString).isNotEmpty();
        assertThat(told().get("data").intValue()).isEqualTo(1);
    }

    @Test
    void shouldTakeTopicsOfAnyCharactersAndOfLength() {
        String odd = "a::b/c-d_e.f*\u00fc\u6f22\ud83d\ude00 " + "x".repeat(400) + id;
        subscriber.trigger("t" + id, "subscribe", function, "{\"topic\":\"" + odd + "\"}", "");
        publisher.call("publish", "{\"topic\":\"" + odd + "\",\"data\":1}");
        assertThat(told().get("data").intValue()).isEqualTo(1);
        publisher.call("publish", "{\"topic\":\"" + odd + "y\",\"data\":2}");
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldReplaceATriggerThatIsRegisteredAgain() {
        subscribe("t");
        subscriber.trigger("t" + id, "subscribe", function, "{\"topic\":\"" + topic + ".other\"}", "");
        publish("1");
        publisher.call("publish", "{\"topic\":\"" + topic + ".other\",\"data\":2}");
        assertThat(told().get("data").intValue()).isEqualTo(2);
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellATriggerThatWasMadeByAFunctionUntilItIsUnregistered() {
        JsonNode made;
        try (RawWorker other = engine.worker("other-" + id)) {
            made = other.call(
                    "engine::register_trigger",
                    "{\"trigger_type\":\"subscribe\",\"function_id\":\"" + function + "\",\"config\":{\"topic\":\"" + topic + "\"}}");
        }
        publish("1");
        assertThat(told().get("data").intValue()).isEqualTo(1);
        publisher.call("engine::unregister_trigger", "{\"id\":" + made.at("/result/id") + "}");
        publish("2");
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }
}
