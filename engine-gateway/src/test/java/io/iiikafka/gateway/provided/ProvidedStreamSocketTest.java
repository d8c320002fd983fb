package io.iiikafka.gateway.provided;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that listen to streams kept by workers, and what such workers answer amiss (spec: stream.md 4, 5.4, 5.7.2). */
class ProvidedStreamSocketTest {

    private static final Duration SILENCE = Duration.ofMillis(300);

    private static TestEngine engine;
    private static RawWorker user;

    private final String stream = "kept-" + UUID.randomUUID();
    private RawWorker keeper;
    private StreamPeer peer;

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        user = engine.worker("user");
    }

    @AfterAll
    static void stop() {
        user.close();
        engine.close();
    }

    @BeforeEach
    void connect() {
        keeper = engine.worker("keeper-of-" + stream);
        for (String operation : new String[] {"get", "set", "delete", "list"}) {
            keeper.serve(function(operation));
        }
        peer = StreamPeer.connect(engine.gateway().streams().port(), "/");
    }

    @AfterEach
    void disconnect() {
        peer.close();
        keeper.close();
    }

    private String function(String operation) {
        return "stream::" + operation + "(" + stream + ")";
    }

    private JsonNode asked(String operation) {
        JsonNode call = keeper.next("invokefunction");
        assertThat(call.get("function_id").textValue()).isEqualTo(function(operation));
        return call;
    }

    private void fail(JsonNode call) {
        keeper.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id") + ",\"function_id\":"
                + call.get("function_id") + ",\"error\":{\"code\":\"full\",\"message\":\"no room\"}}");
    }

    private String begin(String operation, String members) {
        return user.start(
                "stream::" + operation, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\"" + members + "}");
    }

    private void set(String old, int value) {
        String call = begin("set", ",\"data\":0");
        keeper.answer(asked("set"), "{\"old_value\":" + old + ",\"new_value\":" + value + "}");
        assertThat(user.awaitResult(call).has("result")).isTrue();
    }

    @Test
    void shouldSyncByWhatTheWorkerSays() {
        peer.join("1", stream, "g", null);
        keeper.answer(asked("list"), "[1,2]");
        JsonNode group = peer.next();
        assertThat(group.get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":[1,2]}");
        assertThat(group.get("id").isNull()).isTrue();
        peer.join("2", stream, "g", "i");
        keeper.answer(asked("get"), "null");
        JsonNode item = peer.next();
        assertThat(item.get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":null}");

        set("1", 3);
        JsonNode update = peer.next();
        assertThat(update.get("event").toString()).isEqualTo("{\"type\":\"update\",\"data\":3}");
        assertThat(update.get("timestamp").longValue()).isGreaterThan(item.get("timestamp").longValue());
        assertThat(peer.silent(SILENCE)).isTrue();
    }

    @Test
    void shouldTellAfterTheSyncWhatHappenedWhileTheWorkerRead() {
        peer.join("1", stream, "g", null);
        JsonNode reading = asked("list");
        set("null", 1);
        assertThat(peer.silent(SILENCE)).isTrue();
        keeper.answer(reading, "[]");
        JsonNode sync = peer.next();
        assertThat(sync.at("/event/type").textValue()).isEqualTo("sync");
        JsonNode create = peer.next();
        assertThat(create.get("event").toString()).isEqualTo("{\"type\":\"create\",\"data\":1}");
        assertThat(create.get("timestamp").longValue()).isGreaterThan(sync.get("timestamp").longValue());
    }

    @Test
    void shouldListenAllTheSameWhenReadingFails() {
        peer.join("1", stream, "g", null);
        fail(asked("list"));
        set("null", 1);
        assertThat(peer.nextEvent()).isEqualTo("create 1");
    }

    @Test
    void shouldSendEventsWithoutTheWorker() {
        peer.join("1", stream, "g", null);
        keeper.answer(asked("list"), "[]");
        peer.next();
        assertThat(user.awaitResult(begin("send", ",\"type\":\"t\",\"data\":1")).get("result").isNull()).isTrue();
        assertThat(peer.nextEvent()).isEqualTo("event {\"type\":\"t\",\"data\":1}");
        assertThat(keeper.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldTellNobodyOfCallsThatReachTheWorkerDirectly() {
        peer.join("1", stream, "g", null);
        keeper.answer(asked("list"), "[]");
        peer.next();
        String call = user.start(function("set"), "{\"x\":1}");
        keeper.answer(asked("set"), "{\"new_value\":1}");
        assertThat(user.awaitResult(call).get("result").toString()).isEqualTo("{\"new_value\":1}");
        assertThat(peer.silent(SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set|\"x\"|JSON_ERROR",
                "set|[1]|JSON_ERROR",
                "set|{}|JSON_ERROR",
                "delete|5|JSON_ERROR",
                "delete|null|STREAM_DELETE_ERROR",
                "delete|error|STREAM_DELETE_ERROR",
                "set|error|STREAM_SET_ERROR",
            })
    void shouldTellNobodyOfWritesThatWentWrong(String operation, String answer, String code) {
        peer.join("1", stream, "g", null);
        keeper.answer(asked("list"), "[]");
        peer.next();
        String call = begin(operation, ",\"data\":1");
        if (answer.equals("error")) {
            fail(asked(operation));
        } else {
            keeper.answer(asked(operation), answer);
        }
        assertThat(user.awaitResult(call).at("/error/code").textValue()).isEqualTo(code);
        assertThat(peer.silent(SILENCE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"get,5", "list,true", "list,{}"})
    void shouldPassOnWhatTheWorkerReadsWhateverItIs(String operation, String answer) {
        String call = begin(operation, "");
        keeper.answer(asked(operation), answer);
        assertThat(user.awaitResult(call).get("result").toString()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{\"a\":1}"})
    void shouldSyncGroupsByArraysWhateverTheWorkerSays(String answer) {
        peer.join("1", stream, "g", null);
        keeper.answer(asked("list"), answer);
        assertThat(peer.next().get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":[]}");
        peer.joinWith("2", stream, "g", "\"offsets\":true");
        keeper.answer(asked("list"), answer);
        assertThat(peer.next().get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":[]}");
    }
}
