package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code state::*} by bare frames (spec: state.md sections 1 to 3). */
class StateTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static RawWorker worker;

    private final String scope = "scope-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("state-user");
    }

    private JsonNode state(String function, String members) {
        return worker.call("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    @Test
    void shouldGiveBackWhatWasSet() {
        assertThat(state("set", ",\"key\":\"o-1\",\"value\":{\"n\":5.0}").get("result").toString())
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":5.0}}");
        assertThat(state("get", ",\"key\":\"o-1\"").get("result").toString()).isEqualTo("{\"n\":5.0}");
    }

    @Test
    void shouldTellAMissingKeyFromAStoredNull() {
        assertThat(state("get", ",\"key\":\"k\"").has("result")).isFalse();
        state("set", ",\"key\":\"k\",\"value\":null");
        JsonNode stored = state("get", ",\"key\":\"k\"");
        assertThat(stored.has("result")).isTrue();
        assertThat(stored.get("result").isNull()).isTrue();
    }

    @Test
    void shouldGiveTheRemovedValueToOneDeleteOnly() {
        state("set", ",\"key\":\"k\",\"data\":[1]");
        assertThat(state("delete", ",\"key\":\"k\"").get("result").toString()).isEqualTo("[1]");
        JsonNode again = state("delete", ",\"key\":\"k\"");
        assertThat(again.has("result") || again.has("error")).isFalse();
    }

    @Test
    void shouldKeepTheOrderOfCallsThatAConnectionDoesNotWaitFor() {
        List<String> calls = new ArrayList<>();
        for (int n = 1; n <= 300; n++) {
            calls.add(worker.start("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"k\",\"value\":" + n + "}"));
        }
        int before = 0;
        for (String call : calls) {
            JsonNode result = worker.awaitResult(call).get("result");
            assertThat(result.get("old_value").asInt(0)).isEqualTo(before);
            before++;
            assertThat(result.get("new_value").intValue()).isEqualTo(before);
        }
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    @Test
    void shouldRefuseInputThatDoesNotFitAndSayWhy() {
        JsonNode noKey = state("get", "");
        assertThat(code(noKey)).isEqualTo("deserialization_error");
        assertThat(noKey.at("/error/message").textValue())
                .isEqualTo("Failed to deserialize input for state::get: missing field `key`");
        assertThat(state("set", ",\"key\":\"k\"").at("/error/message").textValue())
                .contains("missing field `value`")
                .contains("null");
        assertThat(state("set", ",\"key\":\"k\",\"value\":1,\"data\":2").at("/error/message").textValue())
                .contains("duplicate field `value`");
        assertThat(state("get", ",\"key\":5").at("/error/message").textValue()).contains("integer `5`, expected a string");
        assertThat(code(worker.call("state::get", "[1]"))).isEqualTo("deserialization_error");
        assertThat(code(worker.call("state::list_groups", "null"))).isEqualTo("deserialization_error");
        assertThat(code(worker.call("state::scopes", "{}"))).isEqualTo("function_not_found");
        assertThat(code(worker.call("state::list_part", "{\"scope\":\"s\"}"))).isEqualTo("function_not_found");
    }

    @Test
    void shouldListValuesAsTheyWereFirstSet() {
        assertThat(state("list", "").get("result").toString()).isEqualTo("[]");
        for (String key : new String[] {"c", "a", "b"}) {
            state("set", ",\"key\":\"" + key + "\",\"value\":\"" + key + "1\"");
        }
        state("set", ",\"key\":\"c\",\"value\":null");
        assertThat(state("list", "").get("result").toString()).isEqualTo("[null,\"a1\",\"b1\"]");
        state("delete", ",\"key\":\"c\"");
        state("set", ",\"key\":\"c\",\"value\":3");
        assertThat(state("list", "").get("result").toString()).isEqualTo("[\"a1\",\"b1\",3]");
        assertThat(state("list", ",\"include_keys\":true,\"after\":\"a\",\"limit\":1").get("result").toString())
                .isEqualTo("[{\"key\":\"b\",\"value\":\"b1\",\"version\":1}]");
    }

    @Test
    void shouldListScopesThatHoldAKeyAtOnceAndInOrder() {
        for (String name : new String[] {"z", "ä", "a/b", "\uD83D\uDE00", "\uFFFD"}) {
            worker.call("state::set", "{\"scope\":\"" + scope + name + "\",\"key\":\"\",\"value\":1}");
            assertThat(groups()).contains(scope + name);
        }
        assertThat(groups())
                .containsExactly(
                        scope + "a/b", scope + "z", scope + "ä", scope + "\uFFFD", scope + "\uD83D\uDE00");
        worker.call("state::delete", "{\"scope\":\"" + scope + "z\",\"key\":\"\"}");
        assertThat(groups()).doesNotContain(scope + "z");
    }

    private List<String> groups() {
        List<String> groups = new ArrayList<>();
        worker.call("state::list_groups", "{}").get("result").get("groups").forEach(each -> groups.add(each.textValue()));
        groups.removeIf(each -> !each.startsWith(scope));
        return groups;
    }

    @Test
    void shouldKeepKeysApartWhateverCharactersTheyHold() {
        String[][] addresses = {
            {"a/b", "c"}, {"a", "b/c"}, {"a%2Fb", "c"}, {"", ""}, {"", "/"}, {"/", ""}, {" ", "::"}, {"\u0000", "\n"}
        };
        for (int i = 0; i < addresses.length; i++) {
            worker.call("state::set", address(addresses[i]).put("value", i).toString());
        }
        for (int i = 0; i < addresses.length; i++) {
            assertThat(worker.call("state::get", address(addresses[i]).toString()).get("result").intValue()).isEqualTo(i);
        }
    }

    private static ObjectNode address(String[] scopeAndKey) {
        return JsonNodeFactory.instance.objectNode().put("scope", scopeAndKey[0]).put("key", scopeAndKey[1]);
    }

    @Test
    void shouldGiveNumbersBackAsTheyCame() {
        String numbers = "[9223372036854775807,18446744073709551615,-9223372036854775808,5,5.0]";
        state("set", ",\"key\":\"k\",\"value\":" + numbers);
        assertThat(state("get", ",\"key\":\"k\"").get("result").get(4).toString()).isEqualTo("5.0");
        state("update", ",\"key\":\"k\",\"ops\":[]");
        JsonNode read = state("get", ",\"key\":\"k\"").get("result");
        assertThat(read.get(1).bigIntegerValue()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(read.get(2).longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(read.get(4).toString()).isEqualTo("5.0");
    }

    @Test
    void shouldCountEveryOneOfManyIncrementsAndTellEachWhatItFound() {
        List<String> calls = new ArrayList<>();
        try (RawWorker other = engine.worker("other-" + scope)) {
            for (int i = 0; i < 500; i++) {
                RawWorker caller = i % 2 == 0 ? worker : other;
                calls.add(caller.start(
                        "state::update",
                        "{\"scope\":\"" + scope + "\",\"key\":\"n\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]}"));
            }
            Set<String> found = new HashSet<>();
            for (int i = 0; i < calls.size(); i++) {
                RawWorker caller = i % 2 == 0 ? worker : other;
                found.add(caller.awaitResult(calls.get(i)).get("result").get("old_value").toString());
            }
            assertThat(found).hasSize(500).contains("null", "1", "499");
        }
        assertThat(state("get", ",\"key\":\"n\"").get("result").intValue()).isEqualTo(500);
    }

    @Test
    void shouldReportOperationsThatFailAndApplyTheOthers() {
        state("set", ",\"key\":\"k\",\"value\":{\"bad\":\"v\"}");
        JsonNode reply = state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"increment\",\"path\":\"bad\",\"by\":1},"
                        + "{\"type\":\"set\",\"path\":\"ok\",\"value\":true}]")
                .get("result");
        assertThat(reply.get("new_value").toString()).isEqualTo("{\"bad\":\"v\",\"ok\":true}");
        assertThat(reply.at("/errors/0").toString())
                .isEqualTo("{\"op_index\":0,\"code\":\"increment.not_number\","
                        + "\"message\":\"Expected number at path 'bad', got string.\"}");
        JsonNode malformed = state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"set\",\"path\":\"ok\",\"value\":1},"
                + "{\"type\":\"foo\"}]");
        assertThat(code(malformed)).isEqualTo("deserialization_error");
        assertThat(state("get", ",\"key\":\"k\"").get("result").get("ok").booleanValue()).isTrue();
    }

    @Test
    void shouldShowItsFunctionsWithTheirFormats() {
        JsonNode list = worker.call("engine::functions::list", "{}").get("result").get("functions");
        JsonNode set = null;
        JsonNode get = null;
        for (JsonNode row : list) {
            set = row.get("function_id").textValue().equals("state::set") ? row : set;
            get = row.get("function_id").textValue().equals("state::get") ? row : get;
        }
        assertThat(set.at("/request_format/required").toString()).isEqualTo("[\"scope\",\"key\",\"value\"]");
        assertThat(set.get("worker_name").textValue()).isEqualTo("iii-state");
        assertThat(set.get("response_format").isObject()).isTrue();
        assertThat(get.at("/request_format/required").toString()).isEqualTo("[\"scope\",\"key\"]");
        assertThat(get.path("response_format").isObject()).isFalse();
    }

    @Test
    void shouldListKeys() {
        assertThat(state("list_keys", "").get("result").toString()).isEqualTo("{\"keys\":[]}");
        state("set", ",\"key\":\"b\",\"value\":1");
        state("set", ",\"key\":\"a\",\"value\":1");
        assertThat(state("list_keys", "").get("result").toString()).isEqualTo("{\"keys\":[\"b\",\"a\"]}");
    }

    @Test
    void shouldSwapWhatIsAsExpectedOnly() {
        assertThat(swap("[1]", "\"x\"")).isEqualTo("{\"swapped\":false,\"current\":null}");
        assertThat(groups()).isEmpty();
        assertThat(swap(null, "{\"a\":1,\"b\":[1.0]}")).isEqualTo("{\"swapped\":true}");
        assertThat(swap("null", "2")).isEqualTo("{\"swapped\":false,\"current\":{\"a\":1,\"b\":[1.0]}}");
        assertThat(swap("{\"a\":1,\"b\":[1]}", "2")).contains("false");
        assertThat(swap("{ \"b\":[1.00],\"a\":1 }", "null")).isEqualTo("{\"swapped\":true}");
        assertThat(swap("null", "3")).isEqualTo("{\"swapped\":true}");
    }

    private String swap(String expected, String value) {
        return state("compare-and-set", ",\"key\":\"k\",\"value\":" + value
                        + (expected == null ? "" : ",\"expected\":" + expected))
                .get("result")
                .toString();
    }

    @Test
    void shouldTakeTheLongestValuesAndRefuseLongerOnesWithoutHarm() {
        String longest = "\"" + "x".repeat((16 << 20) - 200) + "\"";
        state("set", ",\"key\":\"k\",\"value\":" + longest);
        assertThat(state("set", ",\"key\":\"k\",\"value\":" + longest).at("/result/old_value").textValue())
                .hasSize((16 << 20) - 200);
        JsonNode longer = state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"append\",\"path\":\"\",\"value\":\"" + "y".repeat(300) + "\"}]");
        assertThat(code(longer)).isEqualTo("payload_too_large");
        for (String key : new String[] {"l", "m"}) {
            state("set", ",\"key\":\"" + key + "\",\"value\":" + longest);
        }
        assertThat(code(state("list", ""))).isEqualTo("payload_too_large");
        assertThat(state("get", ",\"key\":\"k\"").get("result").textValue()).endsWith("x");
        assertThat(state("list", ",\"limit\":2").get("result")).hasSize(2);
    }

    /** 1.5. */
    @Test
    void shouldShareStateAmongNamespaces() {
        try (RawWorker team = engine.connect().announce("team", "\"namespace\":\"team-" + scope + "\"")) {
            team.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"k\",\"value\":1}");
            assertThat(state("get", ",\"key\":\"k\"").get("result").intValue()).isEqualTo(1);
        }
    }

    /** 2.2, 3.4: what nobody knows is ignored, and a reply has no members but those that the page names. */
    @Test
    void shouldIgnoreMembersThatItDoesNotKnowAndGiveNoErrorsWhereThereAreNone() {
        String extra = ",\"key\":\"k\",\"_caller_worker_id\":\"made up\",\"x\":{\"y\":1}";
        assertThat(state("set", extra + ",\"value\":{\"n\":1}").get("result").toString())
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":1}}");
        assertThat(state("update", extra + ",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]").get("result").toString())
                .isEqualTo("{\"old_value\":{\"n\":1},\"new_value\":{\"n\":2}}");
        assertThat(state("delete", extra).get("result").toString()).isEqualTo("{\"n\":2}");
    }

    /** 6.2. */
    @Test
    void shouldKeepEveryOneOfManyAppends() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(worker.start("state::update", "{\"scope\":\"" + scope
                    + "\",\"key\":\"list\",\"ops\":[{\"type\":\"append\",\"path\":\"\",\"value\":" + i + "}]}"));
        }
        calls.forEach(worker::awaitResult);
        Set<Integer> found = new HashSet<>();
        state("get", ",\"key\":\"list\"").get("result").forEach(each -> found.add(each.intValue()));
        assertThat(found).hasSize(100);
    }
}
