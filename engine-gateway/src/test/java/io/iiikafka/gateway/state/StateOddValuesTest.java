package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as deep, names as long and texts as odd as a call can carry them: every function must go on with them. */
class StateOddValuesTest {

    /** Deepest that a call takes as a value. */
    private static final int DEEPEST = 126;

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static RawWorker worker;

    private final String scope = "scope-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("odd-user");
    }

    private JsonNode state(String function, String members) {
        return worker.call("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private static String deep(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private void setDeepest() {
        assertThat(state("set", ",\"key\":\"k\",\"value\":" + deep(DEEPEST)).has("result")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get|\"key\":\"k\"",
                "list|\"include_keys\":true",
                "list_entries|\"limit\":1",
                "read|\"keys\":[\"k\",{\"scope\":\"other\",\"key\":\"k\"}]",
                "get_versioned|\"key\":\"k\"",
                "get_at|\"key\":\"k\",\"version\":1",
                "history|\"key\":\"k\"",
                "lineage|\"key\":\"k\"",
                "update|\"key\":\"k\",\"ops\":[]",
                "compare-and-set|\"key\":\"k\",\"value\":1",
                "transact|\"reads\":[\"k\"],\"checks\":[{\"key\":\"k\",\"equals\":1}]",
            })
    void shouldAnswerWithTheDeepestValue(String call) {
        setDeepest();
        String[] parts = call.split("\\|");
        assertThat(state(parts[0], "," + parts[1]).path("result").toString()).contains(deep(DEEPEST));
    }

    @Test
    void shouldRestoreTheDeepestValue() {
        setDeepest();
        state("set", ",\"key\":\"k\",\"value\":1");
        assertThat(state("restore", ",\"key\":\"k\",\"revision\":1").at("/result/results/0/new_value").toString())
                .isEqualTo(deep(DEEPEST));
    }

    @Test
    void shouldTellTriggersOfTheDeepestValue() {
        String function = "on-" + scope;
        String condition = "if-" + scope;
        worker.serve(function).serve(condition);
        worker.send("{\"type\":\"registertrigger\",\"id\":\"" + scope + "\",\"trigger_type\":\"state\",\"function_id\":\""
                + function + "\",\"config\":{\"scope\":\"" + scope + "\",\"include_meta\":true,\"condition\":\"key == 'k'\","
                + "\"condition_function_id\":\"" + condition + "\"}}");
        worker.call("engine::registered-triggers::list", "{}"); // it has been read when this is answered

        setDeepest();

        JsonNode question = worker.next("invokefunction");
        worker.answer(question, "true");
        assertThat(question.get("function_id").textValue()).isEqualTo(condition);
        assertThat(worker.next("invokefunction").at("/data/new_value").toString()).isEqualTo(deep(DEEPEST));
    }

    @Test
    void shouldRefuseToAppendWhatWouldBeTooDeepToBeSentBack() {
        String path = "[" + "\"a\",".repeat(30) + "\"a\"]";
        JsonNode reply = state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"append\",\"path\":" + path + ",\"value\":" + deep(120)
                + "},{\"type\":\"set\",\"path\":\"b\",\"value\":1}]");
        assertThat(reply.at("/result/errors/0/code").textValue()).isEqualTo("append.value.too_deep");
        assertThat(state("list", "").get("result").toString()).isEqualTo("[{\"b\":1}]");
    }

    @Test
    void shouldUpdateAndCompareValuesWithLongNamesAndOddNumbers() {
        String odd = "{\"" + "n".repeat(50_001) + "\":1e999999999,\"\\udfff\\ud800\":0,\"z\":-0,\"i\":" + "9".repeat(1_000) + "}";
        state("set", ",\"key\":\"k\",\"value\":0");
        assertThat(state("compare-and-set", ",\"key\":\"k\",\"expected\":0,\"value\":" + odd).at("/result/swapped").booleanValue())
                .isTrue();
        assertThat(state("transact", ",\"checks\":[{\"key\":\"k\",\"equals\":" + odd + "}],\"writes\":[{\"op\":\"update\","
                                + "\"key\":\"n\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]}]")
                        .at("/result/committed").booleanValue())
                .isTrue();
        state("delete", ",\"key\":\"n\"");
        state("transact", ",\"writes\":[{\"op\":\"update\",\"key\":\"k\",\"ops\":[{\"type\":\"remove\",\"path\":\"z\"}]},"
                + "{\"op\":\"delete\",\"key\":\"none\"}]");
        assertThat(state("compare-and-set", ",\"key\":\"k\",\"expected\":" + odd.replace("\"z\":-0,", "") + ",\"value\":1")
                        .at("/result/swapped").booleanValue())
                .isTrue();
    }

    @Test
    void shouldRefuseHalvesOfCharactersInNames() {
        for (String names : new String[] {"\"key\":\"\\ud800\"", "\"key\":\"k\",\"idempotency_key\":\"\\udc00\""}) {
            assertThat(state("set", "," + names + ",\"value\":1").at("/error/code").textValue())
                    .isEqualTo("deserialization_error");
        }
    }

    @Test
    void shouldRefuseNamesThatDoNotFitIntoRecords() {
        String slashes = "/".repeat(300 * 1024);
        for (String call : new String[] {
            "set {\"scope\":\"" + slashes + "\",\"key\":\"k\",\"value\":1}",
            "set {\"scope\":\"" + scope + "\",\"key\":\"" + slashes + "\",\"value\":1}",
            "lease {\"scope\":\"" + slashes + "\",\"key\":\"k\",\"owner\":\"o\",\"ttl_ms\":1000,\"action\":\"acquire\"}",
            "transact {\"scope\":\"" + scope + "\",\"writes\":[{\"op\":\"set\",\"key\":\"" + slashes + "\",\"value\":1}]}"
        }) {
            int space = call.indexOf(' ');
            JsonNode answer = worker.call("state::" + call.substring(0, space), call.substring(space + 1));
            assertThat(answer.at("/error/code").textValue()).isEqualTo("payload_too_large");
            assertThat(answer.at("/error/message").textValue()).contains("takes 307202 bytes, the limit is 262144");
        }
    }

    @Test
    void shouldTakeKeysOfSixtyFourKibibytes() {
        String key = "/ä".repeat(22_000);
        state("set", ",\"key\":\"" + key + "\",\"value\":1");
        assertThat(state("list_keys", "").at("/result/keys/0").textValue()).isEqualTo(key);
        assertThat(state("delete", ",\"key\":\"" + key + "\"").get("result").intValue()).isEqualTo(1);
    }
}
