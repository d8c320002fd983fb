package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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

/** Which function a {@code state} trigger calls, and which it asks before (spec: state.md 5.1, 5.3, 5.4). */
class StateTriggerTargetsTest {

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

    private void trigger(String name, String called, String config, String members) {
        handler.trigger(name + id, "state", called, config, members);
    }

    private JsonNode write(String name, String key, String members) {
        return writer.call("state::" + name, "{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\"" + members + "}");
    }

    private String ofScope(String more) {
        return "{\"scope\":\"" + scope + "\"" + more + "}";
    }

    @Test
    void shouldCallFunctionsOfTheEngineItself() {
        trigger("d", "state::delete", ofScope(",\"event_types\":[\"state:created\"]"), "");
        trigger("o", function, ofScope(",\"event_types\":[\"state:deleted\"]"), "");
        write("set", "k", ",\"value\":1");

        assertThat(handler.called(function).at("/data/old_value").intValue()).isEqualTo(1);
        assertThat(write("get", "k", "").has("result")).isFalse();
    }

    @Test
    void shouldAskConditionsThatAreFunctionsOfTheEngineItself() {
        trigger("c", function, ofScope(",\"condition_function_id\":\"state::get\""), "");
        write("set", "k", ",\"value\":false"); // what state::get answers is what was just written
        write("set", "l", ",\"value\":true");

        assertThat(handler.called(function).at("/data/key").textValue()).isEqualTo("l");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldCallTheOthersWhenNobodyServesAFunction() {
        trigger("missing", "nobody-" + id, ofScope(""), "");
        trigger("there", function, ofScope(""), "");
        write("set", "k", ",\"value\":1");
        handler.called(function);

        trigger("late", "late-" + id, ofScope(",\"key\":\"late\""), "");
        handler.serve("late-" + id);
        write("set", "late", ",\"value\":1");
        assertThat(handler.next("invokefunction").at("/data/scope").textValue()).isEqualTo(scope);
        assertThat(handler.next("invokefunction").at("/data/scope").textValue()).isEqualTo(scope);
    }

    @Test
    void shouldCallFunctionAndConditionOfTheNamespaceThatItNames() {
        String namespace = "team-" + id;
        try (RawWorker team = engine.connect().announce("team", "\"namespace\":\"" + namespace + "\"")) {
            team.register(function).register("ask-" + id);
            team.call("engine::functions::info", "{\"function_id\":\"ask-" + id + "\"}");
            handler.serve("ask-" + id); // of the same name, in another namespace
            trigger("t", function, ofScope(",\"condition_function_id\":\"ask-" + id + "\""),
                    ",\"namespace\":\"" + namespace + "\"");
            assertThat(team.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"k\",\"value\":1}").has("result"))
                    .isTrue();

            team.answer(team.called("ask-" + id), "true");
            team.called(function);
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldGoOnWhenAHandlerFails() {
        trigger("t", function, ofScope(""), "");
        for (int n = 1; n <= 3; n++) {
            write("set", "k", ",\"value\":" + n);
            JsonNode call = handler.called(function);
            assertThat(call.at("/data/new_value").intValue()).isEqualTo(n);
            handler.fail(call, "no");
        }
        assertThat(write("get", "k", "").get("result").intValue()).isEqualTo(3);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldNotCallWhenItsConditionFails() {
        handler.serve("ask-" + id);
        trigger("t", function, ofScope(",\"condition_function_id\":\"ask-" + id + "\""), "");
        write("set", "k", ",\"value\":1");
        handler.fail(handler.called("ask-" + id), "no");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"result\":\"\"", ",\"result\":\"false\"", ",\"result\":[false]"})
    void shouldCallUnlessItsConditionSaysFalse(String result) {
        handler.serve("ask-" + id);
        trigger("t", function, ofScope(",\"condition_function_id\":\"ask-" + id + "\""), "");
        write("set", "k", ",\"value\":1");
        JsonNode question = handler.called("ask-" + id);
        handler.send("{\"type\":\"invocationresult\",\"invocation_id\":" + question.get("invocation_id")
                + ",\"function_id\":\"ask-" + id + "\"" + result + "}");
        handler.called(function);
    }

    @Test
    void shouldNotAskAboutWhatItsNamesLeaveOut() {
        handler.serve("ask-" + id);
        trigger("t", function, ofScope(",\"key\":\"k\",\"condition_function_id\":\"ask-" + id + "\""), "");
        write("set", "other", ",\"value\":1");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTakeTheEmptyTextForANameLikeOthers() {
        trigger("t", function, "{\"scope\":\"\",\"key\":\"\"}", "");
        writer.call("state::set", "{\"scope\":\"\",\"key\":\"k\",\"value\":1}");
        write("set", "", ",\"value\":1");
        writer.call("state::set", "{\"scope\":\"\",\"key\":\"\",\"value\":\"" + id + "\"}");
        assertThat(handler.called(function).at("/data/new_value").textValue()).isEqualTo(id);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldHearOfAKeyInEveryScope() {
        trigger("t", function, "{\"key\":\"" + id + "\"}", "");
        write("set", "other", ",\"value\":1");
        write("set", id, ",\"value\":2");
        assertThat(handler.called(function).at("/data/new_value").intValue()).isEqualTo(2);
    }

    @Test
    void shouldTakeFunctionAndMetadataOfTheLatestRegistration() {
        trigger("t", function, ofScope(""), ",\"metadata\":{\"n\":1}");
        handler.serve("second-" + id);
        trigger("t", "second-" + id, ofScope(""), ",\"metadata\":{\"n\":2}");
        write("set", "k", ",\"value\":1");
        assertThat(handler.called("second-" + id).at("/metadata/n").intValue()).isEqualTo(2);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1,state:created,null", "2,state:updated,1"})
    void shouldTellOfASwapAndNotOfOneThatFailed(int value, String type, String old) {
        if (value == 2) {
            write("set", "k", ",\"value\":1");
        }
        trigger("t", function, ofScope(""), "");
        write("compare-and-set", "k", ",\"expected\":7,\"value\":0");
        write("compare-and-set", "k", ",\"expected\":" + old + ",\"value\":" + value);
        JsonNode event = handler.called(function).get("data");
        assertThat(event.get("event_type").textValue()).isEqualTo(type);
        assertThat(event.get("old_value").toString()).isEqualTo(old);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldStoreAnObjectAndTellOfItsCreationWhenEveryOperationOnAMissingKeyFails() {
        trigger("t", function, ofScope(""), "");
        JsonNode reply = write("update", "k", ",\"ops\":[{\"type\":\"set\",\"path\":\"__proto__\",\"value\":1}]");
        assertThat(reply.at("/result/new_value").toString()).isEqualTo("{}");
        assertThat(handler.called(function).get("data").toString()).contains("state:created").contains("\"new_value\":{}");
        assertThat(write("get", "k", "").get("result").toString()).isEqualTo("{}");
    }

    @Test
    void shouldDoVoidCalls() {
        trigger("t", function, ofScope(""), "");
        writer.send("{\"type\":\"invokefunction\",\"invocation_id\":null,\"function_id\":\"state::set\",\"data\":{\"scope\":\""
                + scope + "\",\"key\":\"k\",\"value\":1},\"action\":{\"type\":\"void\"}}");
        handler.called(function);
        assertThat(write("get", "k", "").get("result").intValue()).isEqualTo(1);
    }

    @Test
    void shouldHearNothingOfReadsAndOfBookkeeping() {
        trigger("t", function, "{\"scope\":null}", "");
        for (String read : new String[] {"get", "list", "list_groups", "list_keys", "list_entries", "get_versioned", "read", "history"}) {
            assertThat(write(read, "k", "").has("result") || read.equals("get")).as(read).isTrue();
        }
        writer.call("state::barrier", "{\"event\":{\"key\":\"a\"},\"condition_config\":{\"id\":\"" + id + "\",\"expect\":2}}");
        write("lease", "l", ",\"owner\":\"a\",\"action\":\"acquire\",\"ttl_ms\":1000");
        write("fork", "k", ",\"name\":\"f\"");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    /** 5.3.5: nothing stands in the way of a loop but the handler. */
    @Test
    void shouldHearOfWhatItsOwnHandlerWrites() {
        trigger("t", function, ofScope(",\"key\":\"n\""), "");
        write("set", "n", ",\"value\":1");
        for (int n = 1; n <= 5; n++) {
            JsonNode call = handler.called(function);
            assertThat(call.at("/data/new_value").intValue()).isEqualTo(n);
            if (n < 5) {
                handler.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"n\",\"value\":" + (n + 1) + "}");
            }
            handler.answer(call, "null");
        }
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    /** 6.5. */
    @Test
    void shouldTellOfOneKeyInTheOrderOfItsChangesThatNobodyWaitedFor() {
        trigger("t", function, ofScope(""), "");
        for (int n = 0; n < 100; n++) {
            writer.start("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"k\",\"value\":" + n + "}");
        }
        for (int n = 0; n < 100; n++) {
            assertThat(handler.called(function).at("/data/new_value").intValue()).isEqualTo(n);
        }
    }
}
