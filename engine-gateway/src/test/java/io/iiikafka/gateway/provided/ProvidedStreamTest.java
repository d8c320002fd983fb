package io.iiikafka.gateway.provided;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that a worker keeps, by bare frames (spec: stream.md section 4). */
class ProvidedStreamTest {

    private static TestEngine engine;
    private static RawWorker user;
    private static RawWorker elsewhere;

    private final String stream = "kept-" + UUID.randomUUID();
    private RawWorker keeper;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        user = engine.worker("user");
        elsewhere = engine.worker(engine.addGateway(), "user-elsewhere");
    }

    @AfterAll
    static void stop() {
        user.close();
        elsewhere.close();
        engine.close();
    }

    @BeforeEach
    void connect() {
        keeper = engine.worker("keeper-of-" + stream);
    }

    @AfterEach
    void disconnect() {
        keeper.close();
    }

    private String keeps(String operation) {
        String function = "stream::" + operation + "(" + stream + ")";
        keeper.serve(function);
        return function;
    }

    private String begin(RawWorker by, String operation, String members) {
        return by.start(
                "stream::" + operation,
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\"" + members + "}");
    }

    private String asked(String function, String answer) {
        JsonNode call = call(function);
        keeper.answer(call, answer);
        return call.get("data").toString();
    }

    private JsonNode call(String function) {
        return keeper.next(frame -> "invokefunction".equals(frame.path("type").textValue())
                && function.equals(frame.path("function_id").textValue()));
    }

    private static String result(RawWorker by, String invocation) {
        JsonNode frame = by.awaitResult(invocation);
        return frame.has("error")
                ? frame.at("/error/code").textValue() + ": " + frame.at("/error/message").textValue()
                : String.valueOf(frame.get("result"));
    }

    private String item(String more) {
        return "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\"" + more + "}";
    }

    @Test
    void shouldAskTheWorkerWithTheMembersOfTheTableAndNothingElse() {
        String get = keeps("get");
        String set = keeps("set");
        String delete = keeps("delete");
        String list = keeps("list");
        String groups = keeps("list_groups");

        String call = begin(user, "get", ",\"more\":1");
        assertThat(asked(get, "{\"n\":1}")).isEqualTo(item(""));
        assertThat(result(user, call)).isEqualTo("{\"n\":1}");

        call = begin(user, "set", ",\"data\":{\"n\":2},\"more\":1");
        assertThat(asked(set, "{\"new_value\":{\"n\":2},\"more\":1}")).isEqualTo(item(",\"data\":{\"n\":2}"));
        assertThat(result(user, call)).isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":2}}");

        call = begin(user, "delete", "");
        assertThat(asked(delete, "{\"old_value\":{\"n\":2}}")).isEqualTo(item(""));
        assertThat(result(user, call)).isEqualTo("{\"old_value\":{\"n\":2}}");

        call = begin(user, "list", "");
        assertThat(asked(list, "[1,2]")).isEqualTo("{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"}");
        assertThat(result(user, call)).isEqualTo("[1,2]");

        call = begin(user, "list_groups", "");
        assertThat(asked(groups, "[\"g\"]")).isEqualTo("{\"stream_name\":\"" + stream + "\"}");
        assertThat(result(user, call)).isEqualTo("[\"g\"]");
    }

    @Test
    void shouldAnswerNoValueWhereTheWorkerHasNone() {
        String get = keeps("get");
        String call = begin(user, "get", "");
        asked(get, "null");
        assertThat(user.awaitResult(call).has("result")).isFalse();
    }

    @Test
    void shouldMakeTheEventsOfWhatTheWorkerAnswers() {
        String set = keeps("set");
        String delete = keeps("delete");
        String function = "on-" + stream;
        user.serve(function);
        user.send("{\"type\":\"registertrigger\",\"id\":\"t-" + stream + "\",\"trigger_type\":\"stream\",\"function_id\":\""
                + function + "\",\"config\":{\"stream_name\":\"" + stream + "\"}}");
        user.call("engine::registered-triggers::list", "{}");

        for (Map.Entry<String, String> answer : Map.of("set", set, "delete", delete).entrySet()) {
            String quiet = begin(user, answer.getKey(), ",\"data\":1");
            asked(answer.getValue(), answer.getKey().equals("set") ? "\"wrong\"" : "{}"); // no event
            result(user, quiet);
        }
        String created = begin(user, "set", ",\"data\":1");
        asked(set, "{\"old_value\":null,\"new_value\":[1]}");
        result(user, created);
        String updated = begin(user, "set", ",\"data\":2");
        asked(set, "{\"old_value\":[1],\"new_value\":[2]}");
        result(user, updated);
        String deleted = begin(user, "delete", "");
        asked(delete, "{\"old_value\":[2]}");
        result(user, deleted);

        assertThat(IntStream.range(0, 3).mapToObj(n -> event(function)))
                .containsExactlyInAnyOrder(
                        "1 {\"type\":\"create\",\"data\":[1]}",
                        "2 {\"type\":\"update\",\"data\":[2]}",
                        "3 {\"type\":\"delete\",\"data\":[2]}");
    }

    /** With the offset that its place among the timestamps stands for. */
    private static String event(String function) {
        JsonNode call = user.next(frame -> "invokefunction".equals(frame.path("type").textValue())
                && function.equals(frame.path("function_id").textValue()));
        user.answer(call, "null");
        String type = call.at("/data/event/type").textValue();
        return (type.equals("create") ? 1 : type.equals("update") ? 2 : 3) + " " + call.at("/data/event");
    }

    @Test
    void shouldSayWhatWentWrongAtTheWorker() {
        String set = keeps("set");
        String get = keeps("get");

        String call = begin(user, "set", ",\"data\":1");
        asked(set, "null");
        assertThat(result(user, call)).isEqualTo("STREAM_SET_ERROR: Failed to set value: Function returned no result");

        call = begin(user, "set", ",\"data\":1");
        asked(set, "{\"old_value\":1}");
        assertThat(result(user, call)).startsWith("JSON_ERROR: Failed to convert result to value: ");

        call = begin(user, "set", ",\"data\":1");
        fail(call(set));
        assertThat(result(user, call))
                .isEqualTo("STREAM_SET_ERROR: Failed to set value: Failed to invoke function: no room");

        call = begin(user, "get", "");
        fail(call(get));
        assertThat(result(user, call)).isEqualTo("full: no room");

        call = begin(user, "get", ""); // and no answer
        assertThat(result(user, call)).isEqualTo("STREAM_GET_ERROR: Failed to get value: timeout");
    }

    @Test
    void shouldSayWhichCallTheWorkerDidNotAnswerInTime() {
        Map<String, String> codes = Map.of(
                "get", "STREAM_GET_ERROR: Failed to get value: timeout",
                "set", "STREAM_SET_ERROR: Failed to set value: timeout",
                "delete", "STREAM_DELETE_ERROR: Failed to delete value: timeout",
                "list", "STREAM_GET_GROUP_ERROR: Failed to get group: timeout",
                "list_groups", "STREAM_LIST_GROUPS_ERROR: Failed to list groups: timeout");
        codes.keySet().forEach(this::keeps);
        Map<String, String> calls = new HashMap<>();
        codes.keySet().forEach(operation -> calls.put(operation, user.start(
                "stream::" + operation,
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"" + operation + "\",\"data\":1}")));

        Map<String, String> results = new HashMap<>();
        calls.forEach((operation, call) -> results.put(operation, result(user, call)));

        assertThat(results).isEqualTo(codes);
    }

    private void fail(JsonNode call) {
        keeper.send("{\"type\":\"invocationresult\",\"invocation_id\":\"" + call.path("invocation_id").textValue()
                + "\",\"function_id\":\"" + call.path("function_id").textValue()
                + "\",\"error\":{\"code\":\"full\",\"message\":\"no room\"}}");
    }

    @Test
    void shouldCheckAndTidyOperationsBeforeTheWorkerSeesThem() {
        String update = keeps("update");
        String call = begin(user, "update", ",\"ops\":[{\"type\":\"set\"}]");
        assertThat(result(user, call)).startsWith("deserialization_error");

        call = begin(user, "update", ",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"x\":1},{\"type\":\"merge\",\"path\":\"\","
                + "\"value\":{}},{\"type\":\"increment\",\"path\":\"n\",\"value\":2}]");
        assertThat(asked(update, "{\"new_value\":1,\"errors\":[]}"))
                .isEqualTo(item(",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":null},"
                        + "{\"type\":\"merge\",\"value\":{}},{\"type\":\"increment\",\"path\":\"n\",\"by\":2}]"));
        assertThat(result(user, call)).isEqualTo("{\"old_value\":null,\"new_value\":1,\"errors\":[]}");
    }

    @Test
    void shouldUpdateThroughTheWorkerOneAtATimeWhenItKnowsNoUpdates() {
        String get = keeps("get");
        String set = keeps("set");
        String ops = ",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]";
        int calls = 20;
        String[] begun = new String[calls];
        for (int i = 0; i < calls; i++) {
            begun[i] = begin(i % 2 == 0 ? user : elsewhere, "update", ops);
        }
        String value = "null";
        for (int i = 0; i < 2 * calls; i++) {
            JsonNode call = keeper.next("invokefunction");
            if (get.equals(call.path("function_id").textValue())) {
                keeper.answer(call, value);
            } else {
                assertThat(call.path("function_id").textValue()).isEqualTo(set);
                value = call.at("/data/data").toString();
                keeper.answer(call, "{\"new_value\":" + value + "}");
            }
        }
        assertThat(value).isEqualTo("{\"n\":" + calls + "}");
        for (int i = 0; i < calls; i++) {
            assertThat(result(i % 2 == 0 ? user : elsewhere, begun[i])).contains("\"new_value\":{\"n\":");
        }
    }

    @Test
    void shouldWaitForTheWorkerThatWasDisconnectedAndSayWhenItDoesNotComeBack() {
        String get = keeps("get");
        keeper.close();
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(
                        user.call("engine::functions::list", "{}").toString())
                .doesNotContain(get));

        String call = begin(user, "get", "");
        assertThat(user.pollResult(call, Duration.ofMillis(300))).isEmpty();
        keeper = engine.worker("keeper-of-" + stream);
        keeper.serve(get);
        asked(get, "7");
        assertThat(result(user, call)).isEqualTo("7");

        keeper.close();
        String lost = begin(elsewhere, "get", "");
        assertThat(result(elsewhere, lost)).startsWith("STREAM_PROVIDER_UNAVAILABLE");
        String late = begin(elsewhere, "get", "");
        assertThat(elsewhere.pollResult(late, Duration.ofMillis(800))).isPresent();
    }

    @Test
    void shouldGoBackToItsOwnStorageWhenTheFunctionsAreUnregistered() {
        String get = keeps("get");
        keeper.send("{\"type\":\"unregisterfunction\",\"id\":\"" + get + "\"}");

        assertThat(result(user, begin(user, "set", ",\"data\":1"))).isEqualTo("{\"old_value\":null,\"new_value\":1}");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(result(user, begin(user, "get", ""))).isEqualTo("1"));
    }

    @Test
    void shouldListTheStreamAmongTheOthers() {
        String groups = keeps("list_groups");
        String call = user.start("stream::list_all", "{}");
        asked(groups, "[\"b\",\"a\"]");
        assertThat(user.awaitResult(call).at("/result/stream").toString())
                .contains("{\"id\":\"" + stream + "\",\"groups\":[\"a\",\"b\"]}");
    }

    @Test
    void shouldListTheStreamWithoutGroupsWhenItsWorkerDoesNotSayThem() {
        keeps("get");
        JsonNode result = user.awaitResult(user.start("stream::list_all", "{}"));
        assertThat(result.at("/result/stream").toString()).contains("{\"id\":\"" + stream + "\",\"groups\":[]}");
        assertThat(result.at("/result/count").intValue()).isEqualTo(result.at("/result/stream").size());
    }

    @Test
    void shouldNotClearOrTransactBehindTheBackOfTheWorker() {
        keeps("get");
        for (String function : List.of("clear", "transact")) {
            assertThat(result(user, begin(user, function, ""))).startsWith("INVALID_ARGUMENTS: A worker keeps stream '");
        }
    }

    @Test
    void shouldHonourOrRefuseOptionsOfWrites() {
        String get = keeps("get");
        keeps("set");
        String call = begin(user, "update", ",\"ops\":[],\"create\":\"never\"");
        asked(get, "null");
        assertThat(result(user, call)).startsWith("NOT_FOUND");

        String ops = ",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":1},{\"type\":\"increment\",\"path\":\"t\",\"by\":1}]";
        call = begin(user, "update", ops + ",\"all_or_nothing\":true");
        asked(get, "{\"t\":\"x\"}");
        assertThat(result(user, call))
                .startsWith("{\"old_value\":{\"t\":\"x\"},\"new_value\":{\"t\":\"x\"},\"errors\":[{");

        assertThat(result(user, begin(user, "set", ",\"data\":1,\"ttl_ms\":5"))).startsWith("INVALID_ARGUMENTS");
        assertThat(result(user, begin(user, "set", ",\"data\":1,\"if_version\":5"))).startsWith("INVALID_ARGUMENTS");
        assertThat(result(user, begin(user, "update", ops + ",\"idempotency_key\":\"k\""))).startsWith("INVALID_ARGUMENTS");
        keeps("update");
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(
                        result(user, begin(user, "update", ops + ",\"all_or_nothing\":true")))
                .startsWith("INVALID_ARGUMENTS"));
    }
}
