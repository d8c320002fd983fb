package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

/** Triggers of type {@code state} by bare frames (spec: state.md section 5). */
class StateTriggersTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String scope = "scope-" + id;
    private final String function = "on-change-" + id;

    @AutoClose
    private final RawWorker handler = engine.worker("handler-" + id).serve(function);

    @AutoClose
    private final RawWorker writer = engine.worker("writer-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private void trigger(String name, String config) {
        trigger(name, config, "");
    }

    private void trigger(String name, String config, String members) {
        handler.trigger(name + id, "state", function, config, members);
    }

    private JsonNode write(String name, String key, String members) {
        return writer.call("state::" + name, "{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\"" + members + "}");
    }

    private JsonNode event() {
        JsonNode call = handler.called(function);
        handler.answer(call, "null");
        return call;
    }

    private String ofScope() {
        return "{\"scope\":\"" + scope + "\"}";
    }

    @Test
    void shouldTellOfCreationUpdateAndDeletionInOrder() {
        trigger("t", ofScope(), ",\"metadata\":{\"m\":1}");
        write("set", "k", ",\"value\":null");
        write("set", "k", ",\"value\":{\"a\":1}");
        write("update", "k", ",\"ops\":[]");
        write("delete", "k", "");
        write("delete", "k", "");

        JsonNode first = event();
        assertThat(first.get("data").toString())
                .isEqualTo("{\"type\":\"state\",\"event_type\":\"state:created\",\"scope\":\"" + scope
                        + "\",\"key\":\"k\",\"old_value\":null,\"new_value\":null}");
        assertThat(first.at("/metadata/m").intValue()).isEqualTo(1);
        List<String> types = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JsonNode data = event().get("data");
            types.add(data.get("event_type").textValue() + data.get("old_value") + data.get("new_value"));
        }
        assertThat(types)
                .containsExactly(
                        "state:updatednull{\"a\":1}",
                        "state:updated{\"a\":1}{\"a\":1}",
                        "state:deleted{\"a\":1}null",
                        "state:deletednullnull");
    }

    @Test
    void shouldHeedItsFilters() {
        trigger("key", "{\"scope\":\"" + scope + "\",\"key\":\"wanted\",\"unknown\":1}");
        trigger("other", "{\"scope\":\"\"}");
        write("set", "k", ",\"value\":1");
        write("set", "wanted", ",\"value\":2");

        assertThat(event().at("/data/new_value").intValue()).isEqualTo(2);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldHearOfEveryScopeWithoutFilters() {
        trigger("any", "{\"scope\":null}");
        write("set", "k", ",\"value\":1");
        assertThat(event().at("/data/scope").textValue()).isEqualTo(scope);
    }

    @Test
    void shouldFireOnceAfterItWasRegisteredAgain() {
        trigger("t", ofScope());
        trigger("t", "{\"scope\":\"" + scope + "\",\"key\":\"k\"}");
        write("set", "other", ",\"value\":1");
        write("set", "k", ",\"value\":2");
        assertThat(event().at("/data/new_value").intValue()).isEqualTo(2);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldNotFireForReadsNorForWritesThatAreRefused() {
        trigger("t", ofScope());
        write("get", "k", "");
        write("list", "k", "");
        write("set", "k", "");
        write("update", "k", ",\"ops\":[{\"type\":\"foo\"}]");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,true", "null,true", "0,true", "{},true"})
    void shouldHeedItsCondition(String answer, boolean runs) {
        String condition = "condition-" + id;
        handler.serve(condition);
        trigger("t", "{\"scope\":\"" + scope + "\",\"condition_function_id\":\"" + condition + "\"}", ",\"metadata\":1");
        write("set", "k", ",\"value\":1");

        JsonNode question = handler.called(condition);
        assertThat(question.at("/data/event_type").textValue()).isEqualTo("state:created");
        assertThat(question.has("metadata")).isFalse();
        handler.answer(question, answer);
        if (runs) {
            assertThat(event().get("function_id").textValue()).isEqualTo(function);
        } else {
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldHeedAConditionUnderItsNameOfOld() {
        String condition = "condition-" + id;
        handler.serve(condition);
        trigger("t", "{\"scope\":\"" + scope + "\",\"_condition_path\":\"" + condition + "\"}");
        write("set", "k", ",\"value\":1");

        handler.called(condition);
    }

    @Test
    void shouldNotRunWhenItsConditionIsMissing() {
        trigger("t", "{\"scope\":\"" + scope + "\",\"condition_function_id\":\"nobody\"}");
        write("set", "k", ",\"value\":1");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"[1]", "5", "'{\"scope\":5}'", "'{\"condition_function_id\":{}}'",
        "'{\"condition\":\"status ==\"}'", "'{\"condition\":\"changed(a)\",\"condition_mode\":\"enter\"}'",
        "'{\"event_types\":[\"x\"]}'", "'{\"key\":\"a\",\"key_prefix\":\"a\"}'"})
    void shouldRefuseAConfigThatDoesNotFit(String config) {
        handler.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"state\",\"function_id\":\""
                + function + "\",\"config\":" + config + "}");
        JsonNode refusal = handler.next("triggerregistrationresult");
        assertThat(refusal.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refusal.at("/error/message").textValue()).startsWith("Failed to parse trigger config:");
    }

    @Test
    void shouldEndWithItsConnection() {
        try (RawWorker other = engine.worker("other-" + id)) {
            other.trigger("o" + id, "state", function, ofScope(), "");
        }
        // The writer's gateway has seen the end of the other connection when it does not list it any more.
        Awaitility.await().until(() ->
                !writer.call("engine::registered-triggers::list", "{}").toString().contains("o" + id));
        write("set", "k", ",\"value\":1");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldAnswerTheWriterWhileAHandlerHangs() {
        trigger("one", ofScope());
        trigger("two", ofScope());
        write("set", "k", ",\"value\":1");
        handler.next("invokefunction");
        handler.next("invokefunction");
        assertThat(write("set", "k", ",\"value\":2").at("/result/old_value").intValue()).isEqualTo(1);
    }

    @Test
    void shouldFireWhenAValueEntersItsCondition() {
        trigger("t", "{\"scope\":\"" + scope + "\",\"condition\":\"status == \\\"pending\\\"\",\"include_meta\":true}");
        write("set", "k", ",\"value\":{\"status\":\"new\"}");
        write("set", "k", ",\"value\":{\"status\":\"pending\"}");
        write("set", "k", ",\"value\":{\"status\":\"pending\",\"n\":1}");
        write("set", "l", ",\"value\":{\"status\":\"pending\"}");

        JsonNode first = event().get("data");
        assertThat(first.at("/old_value/status").textValue()).isEqualTo("new");
        assertThat(first.at("/meta/version").intValue()).isEqualTo(2);
        assertThat(first.at("/meta/event_id").textValue()).isNotEmpty();
        assertThat(event().at("/data/key").textValue()).isEqualTo("l");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldFireWhenAValueLeavesItsCondition() {
        trigger("t", "{\"scope\":\"" + scope + "\",\"condition\":\"on\",\"condition_mode\":\"leave\"}");
        write("set", "k", ",\"value\":{\"on\":true}");
        write("delete", "k", "");
        assertThat(event().at("/data/event_type").textValue()).isEqualTo("state:deleted");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldHeedEventTypesPrefixesAndWhetherAnythingChanged() {
        trigger(
                "t",
                "{\"scope_prefix\":\"" + scope + "\",\"key_prefix\":\"a\",\"event_types\":[\"state:updated\"],\"only_changes\":true}");
        write("set", "a1", ",\"value\":{\"x\":1,\"y\":2}");
        write("set", "a1", ",\"value\":{\"y\":2,\"x\":1}");
        write("set", "b1", ",\"value\":1");
        write("set", "b1", ",\"value\":2");
        write("set", "a1", ",\"value\":{\"x\":1,\"y\":3}");
        write("delete", "a1", "");
        assertThat(event().at("/data/new_value/y").intValue()).isEqualTo(3);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldFireAtEveryMatchWhenToldSoAndAskTheFunctionLast() {
        String ask = "ask-" + id;
        try (RawWorker judge = engine.worker(ask).serve(ask)) { // asked of the second while the first is told, in any order
            trigger("t", "{\"scope\":\"" + scope + "\",\"condition\":\"n > 1\",\"condition_mode\":\"match\","
                    + "\"condition_function_id\":\"" + ask + "\"}");
            for (int n = 1; n <= 3; n++) {
                write("set", "k", ",\"value\":{\"n\":" + n + "}");
            }
            for (int n = 2; n <= 3; n++) {
                JsonNode question = judge.called(ask);
                assertThat(question.at("/data/new_value/n").intValue()).isEqualTo(n);
                judge.answer(question, "true");
                assertThat(event().at("/data/new_value/n").intValue()).isEqualTo(n);
            }
            assertThat(judge.silentAbout("invokefunction", SILENCE)).isTrue();
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    /** 12.5. */
    @Test
    void shouldTellAllThatIsKnownOfAChangeWhenToldSo() {
        trigger("t", "{\"scope\":\"" + scope + "\",\"include_meta\":true}");
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        writer.awaitResult(writer.start(
                "state::transact",
                "{\"scope\":\"" + scope + "\",\"writes\":[{\"op\":\"set\",\"key\":\"k\",\"value\":1}]}",
                ",\"traceparent\":\"" + traceparent + "\""));
        JsonNode data = event().get("data");
        assertThat(data).hasSize(7);
        JsonNode meta = data.get("meta");
        assertThat(meta.get("event_id").textValue()).isNotEmpty();
        assertThat(meta.get("revision").intValue()).isEqualTo(1);
        assertThat(meta.get("version").intValue()).isEqualTo(1);
        assertThat(meta.get("timestamp").longValue()).isCloseTo(System.currentTimeMillis(), within(60_000L));
        assertThat(meta.get("tx_id").textValue()).isNotEmpty();
        assertThat(meta.get("traceparent").textValue()).startsWith(traceparent.substring(0, 35));
        assertThat(meta.at("/cause/kind").textValue()).isEqualTo("call");
        assertThat(meta.get("attempt").intValue()).isEqualTo(1);
    }

    @Test
    void shouldSayWhereAConditionIsWrong() {
        handler.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"state\",\"function_id\":\""
                + function + "\",\"config\":{\"condition\":\"status = 1\"}}");
        assertThat(handler.next("triggerregistrationresult").at("/error/message").textValue())
                .startsWith("Failed to parse trigger config: condition: ")
                .endsWith(" at offset 7");
    }
}
