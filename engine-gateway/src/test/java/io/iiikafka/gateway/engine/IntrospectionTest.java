package io.iiikafka.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code engine::*} functions answer (spec: protocol.md sections 6 and 13.3). */
class IntrospectionTest {

    private static TestEngine engine;
    private static RawWorker worker;
    private static String name;
    private static String function;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        name = "math-" + UUID.randomUUID();
        function = "math::add-" + UUID.randomUUID();
        worker = engine.connect()
                .announce(name, "\"runtime\":\"node\",\"version\":\"0.22.1\",\"pid\":4711,\"os\":\"linux\"");
        worker.send("{\"type\":\"registerfunction\",\"id\":\"" + function
                + "\",\"description\":\"Adds numbers\",\"request_format\":{\"z\":1,\"type\":\"object\"},"
                + "\"metadata\":{\"public\":true}}");
        worker.send("{\"type\":\"registerfunction\",\"id\":\"hidden::f\",\"metadata\":{\"internal\":true}}");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static JsonNode ok(String id, String input) {
        JsonNode frame = worker.call(id, input);
        assertThat(frame.path("error").isMissingNode()).as(frame.toString()).isTrue();
        return frame.get("result");
    }

    private static JsonNode error(String id, String input) {
        return worker.call(id, input).get("error");
    }

    @Test
    void shouldListFunctionsWithTheKeysOfAllSdks() {
        JsonNode rows = ok("engine::functions::list", "{\"prefix\":\"" + function + "\"}").get("functions");

        assertThat(rows).hasSize(1);
        JsonNode row = rows.get(0);
        assertThat(row.get("function_id").textValue()).isEqualTo(function);
        assertThat(row.get("namespace").textValue()).isEqualTo("default");
        assertThat(row.get("worker_name").textValue()).isEqualTo(name);
        assertThat(row.get("description").textValue()).isEqualTo("Adds numbers");
        assertThat(row.get("metadata").get("public").booleanValue()).isTrue();
        assertThat(row.get("request_format").toString()).isEqualTo("{\"z\":1,\"type\":\"object\"}");
        assertThat(row.get("response_format").isNull()).isTrue();
    }

    @Test
    void shouldHideInternalFunctionsUnlessAskedFor() {
        String shown = ok("engine::functions::list", "{}").toString();
        String all = ok("engine::functions::list", "{\"include_internal\":true}").toString();

        assertThat(shown).doesNotContain("hidden::f").doesNotContain("engine::functions::list");
        assertThat(all).contains("hidden::f").contains("engine::functions::list");
    }

    @Test
    void shouldFindFunctionsBySearchAndOwner() {
        assertThat(ok("engine::functions::list", "{\"search\":\"ADDS NUM\"}").get("functions")).hasSize(1);
        assertThat(ok("engine::functions::list", "{\"worker\":\"" + name + "\"}").get("functions")).hasSize(1);
        assertThat(ok("engine::functions::list", "{\"workers\":[\"nobody\"]}").get("functions")).isEmpty();
        assertThat(ok("engine::functions::list", "null").has("functions")).isTrue();
    }

    @Test
    void shouldDescribeFunctions() {
        JsonNode info = ok("engine::functions::info", "{\"function_id\":\"" + function + "\"}");
        assertThat(info.get("request_schema").toString()).isEqualTo("{\"z\":1,\"type\":\"object\"}");
        assertThat(info.has("response_schema")).isFalse();
        assertThat(info.get("registered_triggers")).isEmpty();

        JsonNode batch = ok("engine::functions::info", "{\"function_ids\":[\"" + function + "\",\"no::such\"]}");
        assertThat(batch.get("functions").get(0).get("function_id").textValue()).isEqualTo(function);
        assertThat(batch.get("functions").get(1).toString())
                .isEqualTo("{\"function_id\":\"no::such\",\"error\":\"not_found\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {
        "engine::functions::info|{}|INVALID_ARGUMENTS|missing field `function_id` (or `function_ids` for a batch)",
        "engine::functions::info|{\"function_id\":\"a\",\"function_ids\":[\"b\"]}|INVALID_ARGUMENTS"
                + "|pass either `function_id` or `function_ids`, not both",
        "engine::functions::info|{\"function_ids\":[]}|INVALID_ARGUMENTS"
                + "|`function_ids` must be a non-empty array of function ids",
        "engine::functions::info|{\"function_id\":\"no::such\",\"namespace\":\"blue\"}|NOT_FOUND"
                + "|Function 'no::such' is not registered.",
        "engine::workers::info|{}|deserialization_error"
                + "|Failed to deserialize input for engine::workers::info: missing field `name`",
        "engine::register_trigger|{\"function_id\":\"f\"}|deserialization_error"
                + "|Failed to deserialize input for engine::register_trigger: missing field `trigger_type`",
        "engine::register_trigger|{\"function_id\":\"f\",\"trigger_type\":\"http\",\"config\":{}}|trigger_registration_failed"
                + "|api_path is required for http triggers",
        "engine::functions::info|{\"function_id\":\"no::such\"}|NOT_FOUND|Function 'no::such' is not registered.",
        "engine::workers::info|{\"name\":\"nobody\"}|NOT_FOUND|Worker 'nobody' is not connected.",
        "engine::triggers::info|{\"id\":\"nope\"}|NOT_FOUND"
                + "|Trigger type 'nope' is not registered in namespace 'default'.",
        "engine::registered-triggers::info|{\"id\":\"nope\"}|NOT_FOUND|Registered trigger 'nope' was not found.",
        "engine::functions::list|[]|deserialization_error"
                + "|Failed to deserialize input for engine::functions::list: expected an object, got array",
        "engine::triggers::info|{}|deserialization_error"
                + "|Failed to deserialize input for engine::triggers::info: missing field `id`",
    })
    void shouldSayWhatIsWrong(String id, String input, String code, String message) {
        JsonNode error = error(id, input);

        assertThat(error.get("code").textValue()).isEqualTo(code);
        assertThat(error.get("message").textValue()).isEqualTo(message);
    }

    @Test
    void shouldListWorkersWithEveryKeyAndTheEngineItself() {
        JsonNode all = ok("engine::workers::list", "{}");
        assertThat(all.get("timestamp").isNumber()).isTrue();
        JsonNode row = null;
        JsonNode own = null;
        for (JsonNode each : all.get("workers")) {
            row = name.equals(each.path("name").textValue()) ? each : row;
            own = "engine".equals(each.path("runtime").textValue()) ? each : own;
        }
        assertThat(row.get("id").textValue()).isEqualTo(worker.id());
        assertThat(row.get("status").textValue()).isEqualTo("connected");
        assertThat(row.get("function_count").intValue()).isEqualTo(2);
        assertThat(row.get("functions").toString()).contains(function);
        assertThat(row.get("pid").intValue()).isEqualTo(4711);
        assertThat(row.get("isolation").isNull()).isTrue();
        assertThat(own.get("status").textValue()).isEqualTo("available");
        assertThat(own.get("isolation").textValue()).isEqualTo("in-process");
        assertThat(own.get("connected_at_ms").longValue()).isPositive();
        assertThat(ok("engine::workers::list", "{\"worker_id\":\"" + worker.id() + "\"}").get("workers")).hasSize(1);
    }

    @Test
    void shouldDescribeAWorkerWithWhatItServes() {
        JsonNode info = ok("engine::workers::info", "{\"name\":\"" + name + "\"}");

        assertThat(info.get("worker").get("pid").intValue()).isEqualTo(4711);
        assertThat(info.get("functions").findValuesAsText("function_id")).contains(function, "hidden::f");
        assertThat(info.get("trigger_types")).isEmpty();
        assertThat(info.get("registered_triggers")).isEmpty();
    }

    @Test
    void shouldAnswerOldSdksInTheirDialect() {
        try (RawWorker old = engine.connect()
                .announce("old-" + UUID.randomUUID(), "\"runtime\":\"python\",\"version\":\"0.12.0-next.1\"")) {
            old.send("{\"type\":\"registertrigger\",\"id\":\"t-legacy\","
                    + "\"trigger_type\":\"engine::workers-available\",\"function_id\":\"f\",\"config\":{}}");

            JsonNode rows = old.call("engine::triggers::list", "{}").get("result").get("triggers");
            assertThat(rows.findValuesAsText("id")).contains("t-legacy");
            assertThat(rows.get(0).has("function_id")).isTrue();
            JsonNode types = old.call("engine::trigger-types::list", "{\"include_internal\":true}").get("result");
            assertThat(types.get("trigger_types").findValuesAsText("id")).contains("engine::workers-available");
        }
        JsonNode current = ok("engine::triggers::list", "{\"include_internal\":true}").get("triggers");
        assertThat(current.findValuesAsText("id")).contains("engine::functions-available");
        assertThat(current.get(0).has("configuration_schema")).isFalse();
    }

    @Test
    void shouldSpareOldPythonSdksTheFormatsThatTheyCannotRead() {
        String named = "named::f-" + UUID.randomUUID();
        String format = "{\"name\":\"input\",\"type\":\"object\"}";
        try (RawWorker other = engine.worker("other-" + UUID.randomUUID());
                RawWorker old = engine.connect().announce("old-" + UUID.randomUUID(), "\"runtime\":\"python\",\"version\":\"0.4.1\"")) {
            other.send("{\"type\":\"registerfunction\",\"id\":\"" + named + "\",\"request_format\":" + format + "}");
            other.call("engine::functions::info", "{\"function_id\":\"" + named + "\"}");
            JsonNode schema = old.call("engine::functions::list", "{\"prefix\":\"" + function + "\"}").get("result");
            JsonNode formats = old.call("engine::functions::list", "{\"prefix\":\"" + named + "\"}").get("result");

            assertThat(schema.get("functions").get(0).get("request_format").isNull()).isTrue();
            assertThat(formats.get("functions").get(0).get("request_format").toString()).isEqualTo(format);
        }
    }

    @Test
    void shouldTakeLogMessagesAndReadBaggage() {
        assertThat(worker.call("engine::log::info", "{\"message\":\"hello\",\"data\":{\"a\":1}}").has("error"))
                .isFalse();
        String asked = worker.start("engine::baggage::get", "{\"key\":\"user\"}", ",\"baggage\":\"user=a%20b,x=1\"");
        assertThat(worker.awaitResult(asked).get("result").get("value").textValue()).isEqualTo("a b");
        assertThat(ok("engine::baggage::get_all", "{}").toString()).isEqualTo("{\"baggage\":{}}");
        String much = worker.start("engine::baggage::get_all", "{}", ",\"baggage\":\"user=" + "a".repeat(8_192) + "\"");
        assertThat(worker.awaitResult(much).get("result").toString()).isEqualTo("{\"baggage\":{}}");
        assertThat(ok("engine::baggage::set", "{\"key\":\"a\",\"value\":\"b\"}").get("success").booleanValue())
                .isTrue();
    }

    /** SDKs export their ids, and user code calls them directly (spec: 6.13). */
    @Test
    void shouldHaveEveryFunctionOfLoggingAndBaggage() {
        for (String level : new String[] {"info", "warn", "error", "debug", "trace"}) {
            JsonNode answer = worker.call(
                    "engine::log::" + level,
                    "{\"message\":\"m\",\"trace_id\":\"t\",\"span_id\":null,\"service_name\":\"s\",\"data\":[1]}");
            assertThat(answer.has("error")).as(level).isFalse();
            assertThat(answer.path("result").isNull() || answer.path("result").isMissingNode()).as(level).isTrue();
        }
        assertThat(ok("engine::baggage::get", "{\"key\":\"none\"}").toString()).isEqualTo("{\"value\":null}");
        assertThat(ok("engine::baggage::set", "{\"key\":\"a\",\"value\":\"b\"}").get("note").textValue())
                .startsWith("Baggage set in new context.");
        assertThat(ok("engine::functions::list", "{\"include_internal\":true}").findValuesAsText("function_id"))
                .contains("engine::log::trace", "engine::baggage::get_all", "engine::channels::create",
                        "engine::workers::register", "engine::register_trigger", "engine::unregister_trigger");
    }

    @Test
    void shouldGiveConfigsAndSchemasAsTheyWereRegistered() {
        String id = "t-" + UUID.randomUUID();
        String config = "{\"b\":1.50,\"a\":100.0,\"n\":12345678901234567890,\"e\":1e400}";
        worker.send("{\"type\":\"registertriggertype\",\"id\":\"" + id + "\",\"description\":\"d\","
                + "\"trigger_request_format\":{\"z\":1,\"a\":2}}");
        worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + id
                + "\",\"function_id\":\"" + id + "::f\",\"config\":" + config + ",\"metadata\":{\"z\":1,\"a\":2}}");

        JsonNode row = ok("engine::registered-triggers::list", "{\"search\":\"" + id + "\"}").at("/registered_triggers/0");
        assertThat(row.get("config").get("n").toString()).isEqualTo("12345678901234567890");
        assertThat(row.get("config").get("e").isNumber()).isTrue();
        assertThat(row.get("worker_name").textValue()).as("of a target that is not there").isEqualTo(id);
        JsonNode info = ok("engine::registered-triggers::info", "{\"id\":\"" + id + "\"}");
        assertThat(info.get("metadata").toString()).isEqualTo("{\"z\":1,\"a\":2}");
        assertThat(info.get("function").isNull()).isTrue();
        assertThat(info.at("/trigger/configuration_schema").toString()).isEqualTo("{\"z\":1,\"a\":2}");
        assertThat(info.at("/trigger/worker_name").textValue()).isEqualTo(name);
        assertThat(info.at("/trigger/instance_count").intValue()).isEqualTo(1);
        worker.send("{\"type\":\"unregistertriggertype\",\"id\":\"" + id + "\"}");
    }

    @Test
    void shouldCutTheSummaryOfALongConfig() {
        String id = "t-" + UUID.randomUUID();
        worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"http\",\"function_id\":\"x::f\","
                + "\"config\":{\"api_path\":\"" + id + "\",\"description\":\"" + "😀".repeat(80) + "\"}}");

        JsonNode row = ok("engine::registered-triggers::list", "{\"search\":\"" + id + "\"}").at("/registered_triggers/0");
        String summary = row.get("config_summary").textValue();
        assertThat(summary).startsWith("{\"api_path\":\"" + id).endsWith("😀…");
        assertThat(summary.codePointCount(0, summary.length())).isEqualTo(81);
    }

    @Test
    void shouldTakeVersionsForWhatTheyAre() {
        assertThat(LegacyCallers.isBefore013("0.12.0-next.1")).isTrue();
        assertThat(LegacyCallers.isBefore013("0.3.0")).isTrue();
        assertThat(LegacyCallers.isBefore013("0.13.0")).isFalse();
        assertThat(LegacyCallers.isBefore013("1.2.0")).isFalse();
        assertThat(LegacyCallers.isBefore013("unknown")).isFalse();
    }
}
