package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triggers of type {@code stream} by bare frames (spec: stream.md 6.1). */
class StreamTriggersTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String stream = "s-" + id;
    private final String function = "on-" + id;

    @AutoClose
    private final RawWorker handler = engine.worker("handler-" + id).serve(function);

    @AutoClose
    private final RawWorker writer = engine.worker("writer-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private void trigger(String name, String called, String config, String members) {
        handler.trigger(name + id, "stream", called, "{\"stream_name\":\"" + stream + "\"" + config + "}", members);
    }

    private JsonNode write(String name, String group, String members) {
        return writer.call(
                "stream::" + name, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\"" + members + "}");
    }

    private void set(String group, String item, int value) {
        write("set", group, ",\"item_id\":\"" + item + "\",\"data\":" + value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|g.i=1 g.j=2 h.i=3 g.i=event g.null=event",
                ",\"group_id\":\"g\"|g.i=1 g.j=2 g.i=event g.null=event",
                ",\"item_id\":\"i\"|g.i=1 h.i=3 g.i=event",
                ",\"group_id\":\"g\",\"item_id\":\"i\"|g.i=1 g.i=event",
                ",\"group_id\":\"\",\"item_id\":\"\"|g.i=1 g.j=2 h.i=3 g.i=event g.null=event",
                ",\"group_id\":null,\"item_id\":null,\"unknown\":1|g.i=1 g.j=2 h.i=3 g.i=event g.null=event",
            })
    void shouldHeedItsNames(String config, String expected) {
        trigger("t", function, config == null ? "" : config, "");
        set("g", "i", 1);
        set("g", "j", 2);
        set("h", "i", 3);
        writer.call("stream::set", "{\"stream_name\":\"" + stream + "2\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":4}");
        write("send", "g", ",\"type\":\"t\",\"data\":5,\"id\":\"i\"");
        write("send", "g", ",\"type\":\"t\",\"data\":5");
        write("delete", "g", ",\"item_id\":\"missing\"");

        List<String> heard = new ArrayList<>();
        for (int i = 0; i < expected.split(" ").length; i++) {
            JsonNode frame = handler.called(function).get("data");
            heard.add(frame.get("groupId").textValue() + "." + frame.get("id").asText() + "="
                    + (frame.at("/event/type").textValue().equals("event") ? "event" : frame.at("/event/data").asText()));
        }
        assertThat(heard).containsExactlyInAnyOrder(expected.split(" "));
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldFireOnceWithTheLatestFunctionAndMetadataAfterItWasRegisteredAgain() {
        trigger("t", "first-" + id, "", ",\"metadata\":1");
        trigger("t", function, "", ",\"metadata\":{\"n\":2}");
        set("g", "i", 1);
        JsonNode call = handler.called(function);
        assertThat(call.at("/metadata/n").intValue()).isEqualTo(2);
        assertThat(call.at("/data/_caller_worker_id").isMissingNode()).isTrue();
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellADurableTriggerOfThePastAtOnce() {
        set("g", "i", 1);
        JsonNode registered = writer.call(
                "engine::register_trigger",
                "{\"trigger_type\":\"stream\",\"function_id\":\"" + function + "\",\"config\":{\"stream_name\":\"" + stream
                        + "\",\"start\":\"earliest\"}}");
        assertThat(handler.called(function).at("/data/event/data").intValue()).isEqualTo(1);
        set("g", "i", 2);
        assertThat(handler.called(function).at("/data/event/data").intValue()).isEqualTo(2);
        writer.call("engine::unregister_trigger", "{\"id\":" + registered.at("/result/id") + "}");
    }

    @Test
    void shouldEndWithItsConnection() {
        try (RawWorker other = engine.worker("other-" + id)) {
            other.send("{\"type\":\"registertrigger\",\"id\":\"o" + id + "\",\"trigger_type\":\"stream\",\"function_id\":\""
                    + function + "\",\"config\":{\"stream_name\":\"" + stream + "\"}}");
            other.call("engine::registered-triggers::list", "{}");
        }
        Awaitility.await().until(() ->
                !writer.call("engine::registered-triggers::list", "{}").toString().contains("o" + id));
        set("g", "i", 1);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,true", "null,true", "0,true", "{},true"})
    void shouldHeedItsCondition(String answer, boolean runs) {
        handler.serve("ask-" + id);
        trigger("t", function, ",\"condition_function_id\":\"ask-" + id + "\"", ",\"metadata\":1");
        set("g", "i", 1);
        JsonNode question = handler.called("ask-" + id);
        assertThat(question.at("/data/event/type").textValue()).isEqualTo("create");
        assertThat(question.has("metadata")).isFalse();
        handler.answer(question, answer);
        if (runs) {
            handler.called(function);
        } else {
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldCallFunctionsOfTheEngineItself() {
        trigger("t", "state::set", ",\"payload\":\"both\"", ""); // lacks what state::set wants: refused, and nothing else
        trigger("u", function, "", "");
        set("g", "i", 1);
        handler.called(function);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldAnswerTheWriterAndCallTheOthersWhileOneOfManyHangs() {
        for (int i = 0; i < 100; i++) {
            trigger("t" + i + "-", function, "", "");
        }
        set("g", "i", 1);
        JsonNode hanging = handler.called(function); // never answered
        for (int i = 1; i < 100; i++) {
            handler.answer(handler.called(function), "null");
        }
        assertThat(write("set", "g", ",\"item_id\":\"i\",\"data\":2").at("/result/old_value").intValue()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            assertThat(handler.called(function).at("/data/event/type").textValue()).isEqualTo("update");
        }
        assertThat(hanging.at("/data/event/type").textValue()).isEqualTo("create");
    }

    @Test
    void shouldTellOfOneItemInTheOrderOfItsChanges() {
        trigger("t", function, "", "");
        for (int n = 0; n < 100; n++) {
            writer.start("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + n + "}");
        }
        for (int n = 0; n < 100; n++) {
            assertThat(handler.called(function).at("/data/event/data").intValue()).isEqualTo(n);
        }
    }

    /** 6.1.7. */
    @Test
    void shouldCallFunctionAndConditionOfTheNamespaceThatItNames() {
        String namespace = "team-" + id;
        try (RawWorker team = engine.connect().announce("team", "\"namespace\":\"" + namespace + "\"")) {
            team.register(function).register("ask-" + id);
            team.call("engine::functions::info", "{\"function_id\":\"ask-" + id + "\"}");
            handler.serve("ask-" + id); // of the same name, in another namespace
            trigger("t", function, ",\"condition_function_id\":\"ask-" + id + "\"", ",\"namespace\":\"" + namespace + "\"");
            set("g", "i", 1);
            team.answer(team.called("ask-" + id), "true");
            assertThat(team.called(function).at("/data/event/data").intValue()).isEqualTo(1);
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldCallTheOthersWhenNobodyServesAFunctionOrAConditionFails() {
        handler.serve("ask-" + id);
        trigger("missing", "nobody-" + id, "", "");
        trigger("unknown", function, ",\"condition_function_id\":\"nobody-" + id + "\"", "");
        trigger("failing", function, ",\"condition_function_id\":\"ask-" + id + "\"", "");
        trigger("there", function, "", ",\"metadata\":\"there\"");
        set("g", "i", 1);
        boolean asked = false;
        boolean called = false;
        while (!asked || !called) {
            JsonNode call = handler.next("invokefunction");
            if (call.get("function_id").textValue().equals(function)) {
                assertThat(call.get("metadata").textValue()).isEqualTo("there");
                called = true;
            } else {
                handler.fail(call, "no");
                asked = true;
            }
        }
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    /** 13.6. */
    @Test
    void shouldTellInFlatFormOfTheEventsThatItWants() {
        trigger("t", function, ",\"payload\":\"flat\",\"custom_types\":[\"typing\"],\"event_types\":[\"event\",\"delete\"],"
                + "\"condition\":\"n > 1 || event_type == 'deleted'\"", "");
        set("g", "i", 1);
        write("send", "g", ",\"type\":\"other\",\"data\":{\"n\":2}");
        write("send", "g", ",\"type\":\"typing\",\"data\":{\"n\":1}");
        write("send", "g", ",\"type\":\"typing\",\"data\":{\"n\":2}");
        write("delete", "g", ",\"item_id\":\"i\"");
        JsonNode sent = handler.called(function).get("data");
        assertThat(sent.get("event_type").textValue()).isEqualTo("event");
        assertThat(sent.get("custom_type").textValue()).isEqualTo("typing");
        assertThat(sent.at("/data/n").intValue()).isEqualTo(2);
        JsonNode gone = handler.called(function).get("data");
        assertThat(gone.get("event_type").textValue()).isEqualTo("delete");
        assertThat(gone.get("item_id").textValue()).isEqualTo("i");
        assertThat(gone.get("data").intValue()).isEqualTo(1);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }
}
