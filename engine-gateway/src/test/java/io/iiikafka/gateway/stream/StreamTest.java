package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code stream::*} and triggers of type {@code stream} by bare frames (spec: stream.md 3, 6.1). */
class StreamTest {

    private static TestEngine engine;
    private static RawWorker worker;
    private static RawWorker other;

    private final String stream = "a:b/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.worker("stream-user");
        other = engine.worker(engine.addGateway(), "stream-user-elsewhere");
    }

    @AfterAll
    static void stop() {
        worker.close();
        other.close();
        engine.close();
    }

    private JsonNode call(RawWorker by, String function, String group, String members) {
        return by.call(
                "stream::" + function,
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\"" + members + "}");
    }

    private String result(String function, String group, String members) {
        return call(worker, function, group, members).get("result").toString();
    }

    @Test
    void shouldAnswerAsTheSpecificationSays() {
        assertThat(call(worker, "get", "g", ",\"item_id\":\"i\"").has("result")).isFalse();
        assertThat(result("set", "g", ",\"item_id\":\"i\",\"data\":{\"n\":1}"))
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":1}}");
        assertThat(result("update", "g", ",\"item_id\":\"i\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]"))
                .isEqualTo("{\"old_value\":{\"n\":1},\"new_value\":{\"n\":2}}");
        assertThat(result("get", "g", ",\"item_id\":\"i\"")).isEqualTo("{\"n\":2}");
        assertThat(result("send", "g", ",\"type\":\"t\",\"data\":null")).isEqualTo("null");
        assertThat(result("delete", "g", ",\"item_id\":\"i\"")).isEqualTo("{\"old_value\":{\"n\":2}}");
        assertThat(result("delete", "g", ",\"item_id\":\"i\"")).isEqualTo("{\"old_value\":null}");
        assertThat(call(worker, "set", "g", ",\"item_id\":\"i\"").at("/error/code").textValue())
                .isEqualTo("deserialization_error");
    }

    @Test
    void shouldShowWritesAtOnceThroughAnotherGateway() {
        for (String group : List.of("z", "a", "m")) {
            call(worker, "set", group, ",\"item_id\":\"i\",\"data\":1");
            assertThat(call(other, "list", group, "").get("result").toString()).isEqualTo("[1]");
            assertThat(call(other, "list_groups", "", "").get("result").toString()).contains("\"" + group + "\"");
        }
        assertThat(call(other, "list_groups", "", "").get("result").toString()).isEqualTo("[\"a\",\"m\",\"z\"]");
        assertThat(other.call("stream::list_all", "{}").at("/result/stream"))
                .extracting(JsonNode::toString)
                .contains("{\"id\":\"" + stream + "\",\"groups\":[\"a\",\"m\",\"z\"]}");
    }

    @Test
    void shouldFireTriggersOfTheGroupAndOnlyThose() {
        String function = "on-" + UUID.randomUUID();
        worker.serve(function);
        worker.send("{\"type\":\"registertrigger\",\"id\":\"t-" + function
                + "\",\"trigger_type\":\"stream\",\"function_id\":\"" + function
                + "\",\"config\":{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"\"}}");
        worker.call("engine::registered-triggers::list", "{}"); // it has been read when this is answered

        call(worker, "set", "elsewhere", ",\"item_id\":\"i\",\"data\":0");
        call(worker, "set", "g", ",\"item_id\":\"i\",\"data\":1");
        call(worker, "send", "g", ",\"type\":\"typing\",\"data\":2");

        JsonNode set = called(function);
        assertThat(set.at("/data").properties()).extracting(Map.Entry::getKey)
                .containsExactly("type", "timestamp", "streamName", "groupId", "id", "event");
        assertThat(set.at("/data/event").toString()).isEqualTo("{\"type\":\"create\",\"data\":1}");
        assertThat(set.at("/data/id").textValue()).isEqualTo("i");
        JsonNode sent = called(function);
        assertThat(sent.at("/data/event").toString())
                .isEqualTo("{\"type\":\"event\",\"event\":{\"type\":\"typing\",\"data\":2}}");
        assertThat(sent.at("/data/id").isNull()).isTrue();
        assertThat(sent.at("/data/timestamp").longValue()).isGreaterThan(set.at("/data/timestamp").longValue());
    }

    private static JsonNode called(String function) {
        JsonNode call = worker.next(frame -> "invokefunction".equals(frame.path("type").textValue())
                && function.equals(frame.path("function_id").textValue()));
        worker.answer(call, "null");
        return call;
    }

    @Test
    void shouldRefuseATriggerThatNamesNoStream() {
        worker.send("{\"type\":\"registertrigger\",\"id\":\"bad-" + stream
                + "\",\"trigger_type\":\"stream\",\"function_id\":\"f\",\"config\":{}}");
        JsonNode answer = worker.next("triggerregistrationresult");
        assertThat(answer.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(answer.at("/error/message").textValue())
                .contains("Failed to deserialize stream trigger: stream_name is required");
    }

    @Test
    void shouldShowPlainConsumersEveryEventOnceAcrossARestartOfTheKeeper() {
        call(worker, "set", "log", ",\"item_id\":\"i\",\"data\":{}");
        engine.restartKeeper(false);
        IntStream.range(0, 50)
                .forEach(n -> call(
                        n % 2 == 0 ? worker : other,
                        "update",
                        "log",
                        ",\"item_id\":\"i\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]"));

        assertThat(result("get", "log", ",\"item_id\":\"i\"")).isEqualTo("{\"n\":50}");
        assertThat(offsets(stream.replace("/", "%2F") + "/log", 51))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 51).mapToObj(n -> "\"offset\":" + n).toList());
    }

    private static List<String> offsets(String key, int expected) {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            String topic = engine.topics().streamEvents();
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            List<String> found = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (key.equals(record.key())) {
                        found.add(record.value().substring(1, record.value().indexOf(',')));
                    }
                });
                return found.size() >= expected;
            });
            return found;
        }
    }

    @Test
    void shouldChangeSeveralItemsOrNone() {
        result("set", "g", ",\"item_id\":\"from\",\"data\":{\"n\":5}");
        String writes = ",\"writes\":[{\"op\":\"update\",\"item_id\":\"from\",\"ops\":[{\"type\":\"decrement\",\"path\":\"n\","
                + "\"by\":2}]},{\"op\":\"set\",\"item_id\":\"to\",\"data\":{\"n\":2}},{\"op\":\"delete\",\"item_id\":\"x\"}]";

        JsonNode refused = call(
                        worker,
                        "transact",
                        "g",
                        ",\"checks\":[{\"item_id\":\"from\",\"version\":1},{\"item_id\":\"to\",\"exists\":true}]" + writes)
                .get("result");
        assertThat(refused.toString())
                .isEqualTo("{\"committed\":false,\"failed\":[{\"index\":1,\"item_id\":\"to\",\"exists\":false,\"value\":null,"
                        + "\"version\":0}]}");
        assertThat(result("list", "g", "")).isEqualTo("[{\"n\":5}]");

        String more = ",\"checks\":[{\"item_id\":\"from\",\"equals\":{\"n\":5}}],\"reads\":[\"to\"],\"idempotency_key\":\"k\""
                + writes;
        JsonNode done = call(other, "transact", "g", more).get("result");
        assertThat(done.get("committed").booleanValue()).isTrue();
        assertThat(done.get("offset").intValue()).isEqualTo(3);
        assertThat(done.get("results").toString())
                .isEqualTo("[{\"item_id\":\"from\",\"old_value\":{\"n\":5},\"new_value\":{\"n\":3},\"version\":2},"
                        + "{\"item_id\":\"to\",\"old_value\":null,\"new_value\":{\"n\":2},\"version\":3},"
                        + "{\"item_id\":\"x\",\"old_value\":null,\"new_value\":null,\"version\":0}]");
        assertThat(done.get("reads").toString())
                .isEqualTo("[{\"item_id\":\"to\",\"exists\":true,\"value\":{\"n\":2},\"version\":3}]");
        assertThat(call(worker, "transact", "g", more).get("result")).as("a repeat").isEqualTo(done);
        assertThat(call(worker, "read", "g", "").at("/result/events"))
                .extracting(event -> event.get("offset") + " " + event.get("id").textValue() + " " + event.at("/event/type").textValue())
                .containsExactly("1 from create", "2 from update", "3 to create");

        JsonNode spoilt = call(
                        worker,
                        "transact",
                        "g",
                        ",\"all_or_nothing\":true,\"writes\":[{\"op\":\"delete\",\"item_id\":\"to\"},{\"op\":\"update\","
                                + "\"item_id\":\"from\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1},"
                                + "{\"type\":\"append\",\"path\":\"n\",\"value\":1}]}]")
                .get("result");
        assertThat(spoilt.get("committed").booleanValue()).isFalse();
        assertThat(spoilt.at("/failed/0/index").intValue()).isEqualTo(1);
        assertThat(result("list", "g", "")).isEqualTo("[{\"n\":3},{\"n\":2}]");
        assertThat(call(worker, "transact", "g", ",\"writes\":[{\"op\":\"drop\",\"item_id\":\"to\"}]")
                        .at("/error/code")
                        .textValue())
                .isEqualTo("deserialization_error");
    }
}
