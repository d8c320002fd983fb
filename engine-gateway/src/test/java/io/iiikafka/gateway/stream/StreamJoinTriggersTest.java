package io.iiikafka.gateway.stream;

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

/** What triggers of types {@code stream:join} and {@code stream:leave} decide, and when (spec: stream.md 5.3, 5.4, 6.2). */
class StreamJoinTriggersTest {

    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final String REFUSED = "{\"unauthorized\":true}";

    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String stream = "s-" + id;
    private final String function = "on-" + id;
    private RawWorker handler;
    private StreamPeer peer;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @BeforeEach
    void connect() {
        handler = engine.worker("handler-" + id).serve(function);
        peer = StreamPeer.connect(engine.gateway().streams().port(), "/");
    }

    @AfterEach
    void disconnect() {
        peer.close();
        handler.close();
    }

    private void trigger(String type, String called, String config, String members) {
        handler.send("{\"type\":\"registertrigger\",\"id\":\"" + type + id + "\",\"trigger_type\":\"stream:" + type
                + "\",\"function_id\":\"" + called + "\",\"config\":{\"stream_name\":\"" + stream + "\"" + config + "}" + members + "}");
        handler.call("engine::registered-triggers::list", "{}"); // it has been read when this is answered
    }

    private JsonNode called(RawWorker by, String name) {
        JsonNode call = by.next("invokefunction");
        assertThat(call.get("function_id").textValue()).isEqualTo(name);
        return call;
    }

    private void set(String group, int value) {
        handler.call("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\",\"item_id\":\"i\",\"data\":" + value + "}");
    }

    private void fail(JsonNode call) {
        handler.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id") + ",\"function_id\":"
                + call.get("function_id") + ",\"error\":{\"code\":\"no\",\"message\":\"no\"}}");
    }

    @Test
    void shouldKeepWhatWasSubscribedWhenTheSameSubscriptionIsRefusedElsewhere() {
        trigger("join", function, "", "");
        peer.join("1", stream, "g", null);
        handler.answer(called(handler, function), "null");
        assertThat(peer.nextEvent()).isEqualTo("sync []");
        peer.join("1", stream, "h", null);
        handler.answer(called(handler, function), REFUSED);
        JsonNode refusal = peer.next();
        assertThat(refusal.get("groupId").textValue()).isEqualTo("h");
        assertThat(refusal.get("id").isNull()).isTrue();

        set("h", 1);
        set("g", 2);
        assertThat(peer.nextEvent()).isEqualTo("create 2");
    }

    @Test
    void shouldLetFramesPassWhileAJoinIsDecidedAndKeepTheOrderOfMessages() {
        peer.join("0", stream, "g", null).next();
        trigger("join", function, "", "");
        peer.join("1", stream, "h", null).join("2", stream, "k", null);
        JsonNode first = called(handler, function);
        assertThat(first.at("/data/group_id").textValue()).isEqualTo("h");
        set("g", 1);
        assertThat(peer.nextEvent()).isEqualTo("create 1");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).as("the second waits").isTrue();

        handler.answer(first, "null");
        assertThat(peer.next().get("groupId").textValue()).isEqualTo("h");
        handler.answer(called(handler, function), "null");
        assertThat(peer.next().get("groupId").textValue()).isEqualTo("k");
    }

    @Test
    void shouldAdmitWhenATriggerFailsOrNobodyServesIt() {
        trigger("join", function, "", "");
        peer.join("1", stream, "g", null);
        fail(called(handler, function));
        assertThat(peer.nextEvent()).isEqualTo("sync []");
        trigger("join", "nobody-" + id, "", "");
        peer.join("2", stream, "g", null);
        assertThat(peer.nextEvent()).isEqualTo("sync []");
    }

    @Test
    void shouldNotAskATriggerWhoseConditionSaysFalse() {
        handler.serve("ask-" + id);
        trigger("join", function, ",\"condition_function_id\":\"ask-" + id + "\"", "");
        peer.join("1", stream, "g", null);
        JsonNode question = called(handler, "ask-" + id);
        assertThat(question.at("/data/subscription_id").textValue()).isEqualTo("1");
        handler.answer(question, "false");
        assertThat(peer.nextEvent()).isEqualTo("sync []");
        peer.join("2", stream, "g", null);
        handler.answer(called(handler, "ask-" + id), "null");
        handler.answer(called(handler, function), REFUSED);
        assertThat(peer.nextEvent()).isEqualTo("unauthorized");
    }

    @Test
    void shouldCallTheLatestRegistrationWithItsMetadataInItsNamespace() {
        String namespace = "team-" + id;
        try (RawWorker team = engine.connect().announce("team", "\"namespace\":\"" + namespace + "\"")) {
            team.register(function);
            team.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");
            trigger("join", function, "", ",\"metadata\":1");
            trigger("join", function, "", ",\"metadata\":{\"n\":2},\"namespace\":\"" + namespace + "\"");
            trigger("leave", function, "", ",\"metadata\":3,\"namespace\":\"" + namespace + "\"");
            peer.join("1", stream, "g", "i");
            JsonNode asked = called(team, function);
            assertThat(asked.at("/metadata/n").intValue()).isEqualTo(2);
            assertThat(asked.get("data").size()).isEqualTo(5);
            team.answer(asked, "null");
            assertThat(peer.nextEvent()).isEqualTo("sync null");
            peer.leave("1", stream, "g", "i");
            assertThat(called(team, function).get("metadata").intValue()).isEqualTo(3);
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldLeaveThoughTheLeaveTriggerFails() {
        trigger("leave", function, "", "");
        peer.join("1", stream, "g", null).next();
        peer.leave("1", stream, "g", null);
        fail(called(handler, function));
        peer.join("2", stream, "h", null).next();
        set("g", 1);
        set("h", 2);
        assertThat(peer.nextEvent()).isEqualTo("create 2");
    }

    @Test
    void shouldFireStreamTriggersWhetherOrNotAnybodyMayListen() {
        trigger("join", function, "", "");
        handler.send("{\"type\":\"registertrigger\",\"id\":\"c" + id + "\",\"trigger_type\":\"stream\",\"function_id\":\"" + function
                + "\",\"config\":{\"stream_name\":\"" + stream + "\"}}");
        peer.join("1", stream, "g", null);
        handler.answer(called(handler, function), REFUSED);
        assertThat(peer.nextEvent()).isEqualTo("unauthorized");
        handler.start("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
        assertThat(called(handler, function).at("/data/event/type").textValue()).isEqualTo("create");
        assertThat(peer.silent(SILENCE)).isTrue();
    }
}
