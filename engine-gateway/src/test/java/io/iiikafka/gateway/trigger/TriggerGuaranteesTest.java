package io.iiikafka.gateway.trigger;

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

/** What is promised of deliveries, by bare frames (spec: state.md 12.6, stream.md 13.5). */
class TriggerGuaranteesTest {

    private static final Duration SILENCE = Duration.ofMillis(500);

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String scope = "scope-" + id;
    private final String function = "on-change-" + id;

    @AutoClose
    private RawWorker handler = engine.worker("handler-" + id).serve(function);

    @AutoClose
    private final RawWorker writer = engine.worker("writer-" + id);

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private void trigger(String type, String config) {
        handler.trigger("t" + id, type, function, config, "");
    }

    private void ofState(String members) {
        trigger("state", "{\"scope\":\"" + scope + "\",\"include_meta\":true,\"delivery\":\"at_least_once\"" + members + "}");
    }

    private void set(String key, int value) {
        writer.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\",\"value\":" + value + "}");
    }

    private JsonNode call() {
        return handler.nextCallOf(function);
    }

    @Test
    void shouldRepeatTheSameEventUntilTheFunctionSucceeds() {
        ofState(",\"retry\":{\"backoff_ms\":20}");
        set("k", 1);

        JsonNode first = call();
        handler.fail(first, "boom");
        JsonNode second = call();
        handler.fail(second, "boom");
        JsonNode third = call();
        handler.answer(third, "{\"ignored\":true}");

        List<String> ids = new ArrayList<>();
        List<Integer> attempts = new ArrayList<>();
        for (JsonNode each : List.of(first, second, third)) {
            ids.add(each.at("/data/meta/event_id").textValue());
            attempts.add(each.at("/data/meta/attempt").intValue());
            assertThat(each.at("/data/new_value").intValue()).isEqualTo(1);
        }
        assertThat(ids).containsOnly(ids.getFirst()).doesNotContainNull();
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellTheDeadLetterFunctionAfterTheLastAttempt() {
        String dead = "dead-" + id;
        handler.serve(dead);
        ofState(",\"retry\":{\"max_attempts\":2,\"backoff_ms\":20},\"dead_letter_function_id\":\"" + dead + "\"");
        set("k", 1);
        handler.fail(call(), "boom");
        handler.fail(call(), "boom");

        JsonNode told = handler.nextCallOf(dead);
        assertThat(told.at("/data/event/key").textValue()).isEqualTo("k");
        assertThat(told.at("/data/error/code").textValue()).isEqualTo("boom");
        assertThat(told.at("/data/error/message").textValue()).isEqualTo("no luck");
        assertThat(told.at("/data/attempts").intValue()).isEqualTo(2);
        handler.answer(told, "null");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldKeepTheOrderOfAKeyWhileOneOfItsEventsIsRepeated() {
        ofState(",\"retry\":{\"backoff_ms\":300}");
        set("a", 1);
        set("a", 2);
        set("b", 3);

        List<Integer> seen = new ArrayList<>();
        boolean failed = false;
        while (seen.size() < 3) {
            JsonNode call = call();
            if (call.at("/data/new_value").intValue() == 1 && !failed) {
                failed = true;
                handler.fail(call, "boom");
            } else {
                seen.add(call.at("/data/new_value").intValue());
                handler.answer(call, "null");
            }
        }
        assertThat(seen).containsExactly(3, 1, 2);
    }

    @Test
    void shouldCountAWorkerThatDiesWithTheEventAsAFailedAttempt() {
        ofState(",\"retry\":{\"backoff_ms\":20}");
        set("k", 1);
        call();
        handler.cut();

        handler = engine.worker("handler-" + id).serve(function);
        JsonNode again = call();
        assertThat(again.at("/data/meta/attempt").intValue()).isEqualTo(2);
        handler.answer(again, "null");
    }

    @Test
    void shouldGoOnAfterTheKeeperWasReplaced() {
        ofState(",\"retry\":{\"backoff_ms\":1500}");
        set("k", 1);
        set("k", 2);
        handler.fail(call(), "boom");

        engine.restartKeeper(false);

        JsonNode again = call();
        assertThat(again.at("/data/new_value").intValue()).isEqualTo(1);
        assertThat(again.at("/data/meta/attempt").intValue()).isEqualTo(2);
        handler.answer(again, "null");
        assertThat(call().at("/data/new_value").intValue()).isEqualTo(2);
    }

    @Test
    void shouldAskTheConditionBeforeEachAttempt() {
        String condition = "condition-" + id;
        handler.serve(condition);
        ofState(",\"retry\":{\"backoff_ms\":20},\"condition_function_id\":\"" + condition + "\"");
        set("k", 1);
        handler.answer(handler.nextCallOf(condition), "true");
        handler.fail(call(), "boom");
        handler.answer(handler.nextCallOf(condition), "false");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        set("k", 2);
        handler.answer(handler.nextCallOf(condition), "true");
        assertThat(call().at("/data/new_value").intValue()).isEqualTo(2);
    }

    @Test
    void shouldRepeatEventsOfStreams() {
        trigger(
                "stream",
                "{\"stream_name\":\"" + scope + "\",\"include_meta\":true,\"delivery\":\"at_least_once\","
                        + "\"retry\":{\"backoff_ms\":20}}");
        writer.call(
                "stream::set",
                "{\"stream_name\":\"" + scope + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":{\"n\":1}}");
        JsonNode first = call();
        handler.fail(first, "boom");
        JsonNode second = call();
        handler.answer(second, "null");
        assertThat(second.at("/data/event/data/n").intValue()).isEqualTo(1);
        assertThat(second.at("/data/meta/attempt").intValue()).isEqualTo(2);
        assertThat(second.at("/data/meta/event_id")).isEqualTo(first.at("/data/meta/event_id"));
    }

    @Test
    void shouldKeepWhatHappensWhileTheWorkerOfASubscriptionIsAway() {
        ofState(",\"durable_id\":\"d" + id + "\"");
        set("k", 1);
        handler.answer(call(), "null");
        handler.close();
        engine.awaitServed(function, 0);
        set("k", 2);
        set("k", 3);
        engine.restartKeeper(false);
        set("k", 4);

        handler = engine.worker("handler-" + id).serve(function);
        for (int expected = 2; expected <= 4; expected++) {
            JsonNode call = call();
            assertThat(call.at("/data/new_value").intValue()).isEqualTo(expected);
            assertThat(call.at("/data/meta/attempt").intValue()).isEqualTo(1);
            handler.answer(call, "null");
        }
        ofState(",\"durable_id\":\"d" + id + "\"");
        set("k", 5);
        assertThat(call().at("/data/new_value").intValue()).isEqualTo(5);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellOfWhatWasBeforeItWasRegistered() {
        for (int i = 1; i <= 5; i++) {
            set("k", i);
        }
        ofState(",\"start\":{\"revision\":2}");
        for (int expected = 3; expected <= 5; expected++) {
            JsonNode call = call();
            assertThat(call.at("/data/new_value").intValue()).isEqualTo(expected);
            assertThat(call.at("/data/old_value").intValue()).isEqualTo(expected - 1);
            assertThat(call.at("/data/meta/revision").intValue()).isEqualTo(expected);
            handler.answer(call, "null");
        }
        set("k", 6);
        JsonNode live = call();
        assertThat(live.at("/data/new_value").intValue()).isEqualTo(6);
        handler.answer(live, "null");
        ofState(",\"start\":{\"revision\":2}");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellOfEventsOfAStreamFromTheEarliestOn() {
        for (int i = 1; i <= 3; i++) {
            writer.call(
                    "stream::set",
                    "{\"stream_name\":\"" + scope + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":{\"n\":" + i + "}}");
        }
        trigger(
                "stream",
                "{\"stream_name\":\"" + scope + "\",\"include_meta\":true,\"delivery\":\"at_least_once\","
                        + "\"start\":\"earliest\"}");
        for (int expected = 1; expected <= 3; expected++) {
            JsonNode call = call();
            assertThat(call.at("/data/event/data/n").intValue()).isEqualTo(expected);
            assertThat(call.at("/data/meta/replayed").booleanValue()).isTrue();
            assertThat(call.at("/data/meta/offset").intValue()).isEqualTo(expected);
            handler.answer(call, "null");
        }
    }

    @Test
    void shouldTellEventsOfAStreamInBatches() {
        trigger(
                "stream",
                "{\"stream_name\":\"" + scope + "\",\"consumer_group\":\"g" + id + "\","
                        + "\"batch\":{\"max_events\":2,\"max_wait_ms\":3000}}");
        for (int i = 1; i <= 3; i++) {
            writer.call(
                    "stream::set",
                    "{\"stream_name\":\"" + scope + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":{\"n\":" + i + "}}");
        }
        JsonNode two = call();
        assertThat(two.at("/data/type").textValue()).isEqualTo("stream_batch");
        assertThat(two.at("/data/events").findValuesAsText("n")).containsExactly("1", "2");
        handler.answer(two, "null");
        JsonNode rest = call();
        assertThat(rest.at("/data/events").findValuesAsText("n")).containsExactly("3");
        handler.answer(rest, "null");
    }

    @Test
    void shouldCallFunctionsOfTheEngineOnTheSameTerms() {
        handler.send("{\"type\":\"registertrigger\",\"id\":\"t" + id + "\",\"trigger_type\":\"state\",\"function_id\":"
                + "\"state::delete\",\"config\":{\"scope\":\"" + scope + "\",\"event_types\":[\"state:created\"],"
                + "\"delivery\":\"at_least_once\"}}");
        handler.call("engine::registered-triggers::list", "{}");
        set("k", 1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !writer.call("state::get", "{\"scope\":\"" + scope + "\",\"key\":\"k\"}").has("result"));
    }

    @Test
    void shouldEndASubscriptionThatIsUnregistered() {
        ofState(",\"durable_id\":\"d" + id + "\"");
        set("k", 1);
        handler.answer(call(), "null");
        handler.close();
        engine.awaitServed(function, 0);
        assertThat(writer.call("engine::unregister_trigger", "{\"id\":\"state::durable::d" + id + "\"}")
                        .at("/result/removed")
                        .booleanValue())
                .isTrue();
        set("k", 2);
        handler = engine.worker("handler-" + id).serve(function);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellOneOfTheTriggersThatShareAConsumerGroup() {
        String config = "{\"stream_name\":\"" + scope + "\",\"consumer_group\":\"g" + id + "\"}";
        trigger("stream", config);
        try (RawWorker other = engine.worker("handler-" + id).serve(function)) {
            other.send("{\"type\":\"registertrigger\",\"id\":\"u" + id + "\",\"trigger_type\":\"stream\",\"function_id\":\""
                    + function + "\",\"config\":" + config + "}");
            other.call("engine::registered-triggers::list", "{}");
            for (int i = 0; i < 10; i++) {
                writer.call(
                        "stream::set",
                        "{\"stream_name\":\"" + scope + "\",\"group_id\":\"g\",\"item_id\":\"i" + i + "\",\"data\":{}}");
            }
            int told = 0;
            for (RawWorker each : List.of(handler, other)) {
                while (!each.silentAbout("invokefunction", SILENCE)) {
                    told++;
                }
            }
            assertThat(told).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "state | 'delivery':'twice' | `delivery` must be at_most_once, at_least_once",
                "state | 'delivery':1 | `delivery` must be a string",
                "state | 'retry':{} | `retry` needs `delivery` at_least_once",
                "state | 'delivery':'at_least_once','retry':3 | `retry` must be an object",
                "state | 'delivery':'at_least_once','retry':{'max_attempts':0} | `max_attempts` must be an integer from 1",
                "state | 'delivery':'at_least_once','retry':{'backoff_ms':1.5} | `backoff_ms` must be an integer from 0",
                "state | 'delivery':'at_least_once','retry':{'attempts':3} | `retry` has no member `attempts`",
                "state | 'delivery':'at_least_once','retry':{'backoff_ms':9,'max_backoff_ms':5} | less than `backoff_ms`",
                "state | 'dead_letter_function_id':'f' | needs `delivery` at_least_once",
                "state | 'ordering':'item' | `ordering` must be key, scope, none",
                "state | 'durable_id':'' | `durable_id` must have 1 to 255 characters",
                "stream | 'stream_name':'s','consumer_group':'g','delivery':'at_most_once' | needs `delivery` at_least_once",
                "state | 'start':'earliest' | `start` must be latest",
                "state | 'start':{'revision':3} | needs `scope`",
                "state | 'scope':'s','start':{'offset':3} | `start` has no member `offset`",
                "stream | 'stream_name':'s','start':{'offset':3} | needs `stream_name` and `group_id`",
                "stream | 'stream_name':'s','start':'today' | `start` must be",
                "stream | 'stream_name':'s','batch':{'max_events':0} | `max_events` must be an integer from 1 to 1000",
                "stream | 'stream_name':'s','batch':{},'condition_function_id':'c' | `batch` cannot be combined",
                "state | 'max_in_flight':0 | `max_in_flight` must be an integer from 1",
                "stream | 'stream_name':'s','ordering':'key' | `ordering` must be item, group, none",
                "stream | 'stream_name':'s','delivery':null,'max_in_flight':'x' | `max_in_flight` must be an integer",
            })
    void shouldRefuseWhatItCannotPromise(String type, String members, String message) {
        trigger(type, "{" + members.replace('\'', '"') + "}");
        JsonNode refusal = handler.next("triggerregistrationresult");
        assertThat(refusal.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refusal.at("/error/message").textValue()).contains(message);
    }
}
