package io.iiikafka.gateway.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine adds to pub/sub (spec: pubsub.md 9). */
class PubsubExtensionsTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String topic = "t" + id;
    private final String function = "notify-" + id;

    @AutoClose
    private final RawWorker subscriber = engine.worker("subscriber-" + id).serve(function);

    @AutoClose
    private final RawWorker publisher = engine.worker("publisher-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    /** @param config members, with {@code TOPIC} for this test's */
    private void subscribe(String name, String config) {
        subscriber.trigger(name + id, "subscribe", function, "{" + config.replace("TOPIC", topic) + "}", "");
    }

    private JsonNode publish(String to, String data, String members) {
        JsonNode answer = publisher.call("publish", "{\"topic\":\"" + to + "\",\"data\":" + data + members + "}");
        assertThat(answer.has("error")).as(answer::toString).isFalse();
        return answer.path("result");
    }

    private void publish(int data) {
        publish(topic, Integer.toString(data), "");
    }

    private JsonNode told() {
        JsonNode call = subscriber.nextCallOf(function);
        subscriber.answer(call, "null");
        return call;
    }

    private List<Integer> toldNumbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(told().get("data").intValue());
        }
        return numbers;
    }

    private void noMore() {
        assertThat(subscriber.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "orders.*, orders.a, true",
        "orders.*, orders.a.b, false",
        "orders.*, orders, false",
        "orders.**, orders.a.b, true",
        "a::*::c, a::b::c, true",
        "a::*::c, a::b.x::c, false",
        "**, anything.at::all, true"
    })
    void shouldMatchTopicsBySegments(String pattern, String published, boolean hears) {
        String prefix = pattern.equals("**") ? "" : topic + ".";
        subscribe("w", "\"topic\":\"" + prefix + pattern + "\",\"match\":\"wildcard\"");
        publish(topic + "." + published, "1", "");
        if (hears) {
            assertThat(told().get("data").intValue()).isEqualTo(1);
        }
        noMore();
    }

    @Test
    void shouldTakeAStarAsAnOrdinaryCharacterWithoutMatch() {
        subscribe("t", "\"topic\":\"TOPIC.*\"");
        publish(topic + ".a", "1", "");
        publish(topic + ".*", "2", "");
        assertThat(toldNumbers(1)).containsExactly(2);
        noMore();
    }

    @Test
    void shouldHearOfSeveralTopics() {
        subscribe("t", "\"topics\":[\"TOPIC-a\",\"TOPIC-b\"]");
        publish(topic + "-a", "1", "");
        publish(topic + "-c", "2", "");
        publish(topic + "-b", "3", "");
        assertThat(toldNumbers(2)).containsExactlyInAnyOrder(1, 3);
        noMore();
    }

    @Test
    void shouldShareEventsWithinAGroup() {
        subscribe("one", "\"topic\":\"TOPIC\",\"group\":\"billing\"");
        subscribe("two", "\"topic\":\"TOPIC\",\"group\":\"billing\"");
        subscribe("other", "\"topic\":\"TOPIC\",\"group\":\"audit\"");
        publish(1);
        publish(2);
        assertThat(toldNumbers(4)).containsExactlyInAnyOrder(1, 1, 2, 2);
        noMore();
    }

    @Test
    void shouldTellALateSubscriberOfWhatWasPublishedFirst() {
        for (int i = 1; i <= 300; i++) {
            publish(i);
        }
        subscribe("late", "\"topic\":\"TOPIC\",\"from\":\"earliest\"");
        List<Integer> all = toldNumbers(300);
        publish(301);
        all.addAll(toldNumbers(1));
        assertThat(all).isSorted().hasSize(301).doesNotHaveDuplicates();
        noMore();
    }

    @Test
    void shouldBeginAtAnOffsetOrATime() {
        publish(1);
        publish(2);
        JsonNode third = publish(topic, "3", ",\"ack\":true");
        assertThat(third.toString()).isEqualTo("{\"topic\":\"" + topic + "\",\"offset\":3,\"subscribers\":0}");
        subscribe("offset", "\"topic\":\"TOPIC\",\"from\":{\"offset\":2}");
        assertThat(toldNumbers(2)).containsExactly(2, 3);
        JsonNode last = publisher.call("engine::pubsub::peek", "{\"topic\":\"" + topic + "\",\"limit\":1}").at("/result/0");
        Instant at = Instant.ofEpochMilli(last.get("published_at").longValue());
        subscribe("time", "\"topic\":\"TOPIC\",\"from\":\"" + at + "\"");
        assertThat(told().get("data").intValue()).isEqualTo(3);
    }

    @Test
    void shouldNotTellALateSubscriberOfWhatIsOver() {
        publish(topic, "1", ",\"ttl_ms\":1");
        publish(topic, "2", ",\"ttl_ms\":600000");
        subscribe("late", "\"topic\":\"TOPIC\",\"from\":\"earliest\"");
        assertThat(toldNumbers(1)).containsExactly(2);
        noMore();
    }

    @Test
    void shouldKeepNoMoreThanConfigured() {
        for (int i = 1; i <= 1_010; i++) {
            publisher.send("{\"type\":\"invokefunction\",\"function_id\":\"publish\",\"action\":{\"type\":\"void\"},"
                    + "\"data\":{\"topic\":\"" + topic + "\",\"data\":" + i + "}}");
        }
        JsonNode kept = publisher
                .call("engine::pubsub::peek", "{\"topic\":\"" + topic + "\",\"limit\":1000}")
                .get("result");
        assertThat(kept.get(0).get("data").intValue()).isEqualTo(1_010);
        subscribe("late", "\"topic\":\"TOPIC\",\"from\":{\"offset\":1}");
        assertThat(toldNumbers(1)).containsExactly(11);
    }

    @Test
    void shouldTellOfTheEventInMetadata() {
        subscriber.trigger(
                "t" + id,
                "subscribe",
                function,
                "{\"topic\":\"" + topic + "\",\"deliver_info\":true}",
                ",\"metadata\":{\"m\":1}");
        publish(topic, "1", ",\"key\":\"k\"");
        JsonNode metadata = told().get("metadata");
        assertThat(metadata.get("m").intValue()).isEqualTo(1);
        JsonNode info = metadata.get("iii_event");
        assertThat(info.get("topic").textValue()).isEqualTo(topic);
        assertThat(info.get("offset").intValue()).isEqualTo(1);
        assertThat(info.get("publisher").textValue()).isEqualTo(publisher.id());
        assertThat(info.get("key").textValue()).isEqualTo("k");
        assertThat(info.get("published_at").longValue()).isGreaterThan(1_700_000_000_000L);
    }

    @Test
    void shouldHearOnlyOfEventsThatTheFilterLetsPass() {
        subscribe("t", "\"topic\":\"TOPIC\",\"filter\":{\"path\":\"order.type\",\"equals\":\"deleted\"}");
        publish(topic, "{\"order\":{\"type\":\"created\"}}", "");
        publish(topic, "7", "");
        publish(topic, "{\"order\":{\"type\":\"deleted\"}}", "");
        assertThat(told().at("/data/order/type").textValue()).isEqualTo("deleted");
        noMore();
    }

    @Test
    void shouldListTopicsAndShowTheirNewestEvents() {
        String silent = topic + "-silent";
        subscribe("t", "\"topic\":\"TOPIC\"");
        subscribe("s", "\"topic\":\"" + silent + "\"");
        publish(topic, "1", "");
        publish(topic, "2", ",\"headers\":{\"h\":\"x\"}");
        List<String> rows = new ArrayList<>();
        publisher.call("engine::pubsub::topics", "{}").get("result").forEach(row -> {
            if (row.get("name").textValue().startsWith(topic)) {
                rows.add(row.get("name").textValue().replace(topic, "T") + row.get("subscriber_count")
                        + row.get("published") + row.get("last_published_at").isNull());
            }
        });
        assertThat(rows).containsExactly("T12false", "T-silent10true");
        JsonNode newest =
                publisher.call("engine::pubsub::peek", "{\"topic\":\"" + topic + "\"}").get("result");
        assertThat(newest).hasSize(2);
        assertThat(newest.get(0).get("data").intValue()).isEqualTo(2);
        assertThat(newest.get(0).at("/headers/h").textValue()).isEqualTo("x");
        assertThat(newest.get(1).get("offset").intValue()).isEqualTo(1);
        assertThat(publisher.call("engine::pubsub::peek", "{\"topic\":\"none-" + id + "\"}").get("result")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"topic\":\"t\",\"from\":\"yesterday\"",
                "\"topic\":\"t\",\"from\":{\"offset\":0}",
                "\"topic\":\"t\",\"match\":\"regex\"",
                "\"topic\":\"t\",\"topics\":[\"u\"]",
                "\"topics\":[]",
                "\"topic\":\"t\",\"filter\":{\"path\":\"a\"}",
                "\"topic\":\"t\",\"timeout_ms\":0",
                "\"topic\":\"t\",\"durable\":true",
                "\"topic\":\"t\",\"durable\":true,\"subscription\":\"s\",\"group\":\"g\""
            })
    void shouldRefuseOptionsThatDoNotFit(String config) {
        subscriber.send("{\"type\":\"registertrigger\",\"id\":\"bad" + id + "\",\"trigger_type\":\"subscribe\","
                + "\"function_id\":\"" + function + "\",\"config\":{" + config + "}}");
        JsonNode refused = subscriber.next("triggerregistrationresult");
        assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refused.at("/error/message").textValue()).startsWith("Failed to deserialize subscribe trigger: ");
    }

    @Test
    void shouldTellANewSubscriberOfTheRetainedEventThenOfWhatComes() {
        publish(topic, "1", ",\"retain\":true");
        publish(2);
        subscribe("late", "\"topic\":\"TOPIC\",\"from\":\"retained\"");
        assertThat(toldNumbers(1)).containsExactly(1);
        publish(3);
        assertThat(toldNumbers(1)).containsExactly(3);
        noMore();
    }

    @Test
    void shouldPublishABatchWholeOrNotAtAll() {
        subscribe("t", "\"topic\":\"TOPIC\"");
        String event = "{\"topic\":\"" + topic + "\",\"data\":1}";
        JsonNode refused = publisher.call("publish_batch", "{\"events\":[" + event + ",{\"topic\":\"u\",\"data\":2}]}");
        assertThat(refused.at("/error/message").textValue()).contains("of one topic", "events[1]", "'u'");
        refused = publisher.call("publish_batch", "{\"events\":[" + event + ",{\"topic\":\"" + topic + "\"}]}");
        assertThat(refused.at("/error/message").textValue()).contains("events[1]", "missing field `data`");
        assertThat(publisher.call("publish_batch", "{\"events\":[]}").at("/error/code").textValue())
                .isEqualTo("deserialization_error");
        noMore();

        JsonNode done = publisher.call(
                "publish_batch", "{\"ack\":true,\"events\":[" + event + "," + event.replace(":1}", ":2}") + "]}");

        assertThat(done.get("result").toString()).isEqualTo("{\"topic\":\"" + topic + "\",\"offset\":1,\"events\":2}");
        assertThat(toldNumbers(2)).hasSize(2);
        noMore();
    }

    @Test
    void shouldKeepEventsOfADurableSubscriptionWhileItsWorkerIsAwayAndRepeatThem() {
        String config = "{\"topic\":\"" + topic + "\",\"durable\":true,\"subscription\":\"s-" + id
                + "\",\"retry\":{\"backoff_ms\":10}}";
        String durable = function + "-durable";
        try (RawWorker before = engine.worker("before-" + id).serve(durable)) {
            before.trigger("one" + id, "subscribe", durable, config, "");
            publish(1);
            before.fail(before.nextCallOf(durable), "boom");
            JsonNode again = before.nextCallOf(durable);
            assertThat(again.get("data").intValue()).isEqualTo(1);
            before.answer(again, "null");
        }
        publish(2);
        publish(3);
        try (RawWorker after = engine.worker("after-" + id).serve(durable)) {
            after.trigger("two" + id, "subscribe", durable, config, "");
            for (int expected = 2; expected <= 3; expected++) {
                JsonNode call = after.nextCallOf(durable);
                assertThat(call.get("data").intValue()).isEqualTo(expected);
                after.answer(call, "null");
            }
            assertThat(after.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }
}
