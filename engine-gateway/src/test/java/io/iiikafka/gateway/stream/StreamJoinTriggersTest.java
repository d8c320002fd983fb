package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What triggers of types {@code stream:join} and {@code stream:leave} decide, and when (spec: stream.md 5.3, 5.4, 6.2). */
class StreamJoinTriggersTest {

    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final String REFUSED = "{\"unauthorized\":true}";

    @AutoClose
    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String stream = "s-" + id;
    private final String function = "on-" + id;

    @AutoClose
    private final RawWorker handler = engine.worker("handler-" + id).serve(function);

    @AutoClose
    private final StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/");

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
    }

    private void trigger(String type, String called, String config, String members) {
        handler.trigger(type + id, "stream:" + type, called, "{\"stream_name\":\"" + stream + "\"" + config + "}", members);
    }

    private void set(String group, int value) {
        handler.call("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\",\"item_id\":\"i\",\"data\":" + value + "}");
    }

    @Test
    void shouldKeepWhatWasSubscribedWhenTheSameSubscriptionIsRefusedElsewhere() {
        trigger("join", function, "", "");
        peer.join("1", stream, "g", null);
        handler.answer(handler.called(function), "null");
        assertThat(peer.nextEvent()).isEqualTo("sync []");
        peer.join("1", stream, "h", null);
        handler.answer(handler.called(function), REFUSED);
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
        JsonNode first = handler.called(function);
        assertThat(first.at("/data/group_id").textValue()).isEqualTo("h");
        set("g", 1);
        assertThat(peer.nextEvent()).isEqualTo("create 1");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).as("the second waits").isTrue();

        handler.answer(first, "null");
        assertThat(peer.next().get("groupId").textValue()).isEqualTo("h");
        handler.answer(handler.called(function), "null");
        assertThat(peer.next().get("groupId").textValue()).isEqualTo("k");
    }

    @Test
    void shouldAdmitWhenATriggerFailsOrNobodyServesIt() {
        trigger("join", function, "", "");
        peer.join("1", stream, "g", null);
        handler.fail(handler.called(function), "no");
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
        JsonNode question = handler.called("ask-" + id);
        assertThat(question.at("/data/subscription_id").textValue()).isEqualTo("1");
        handler.answer(question, "false");
        assertThat(peer.nextEvent()).isEqualTo("sync []");
        peer.join("2", stream, "g", null);
        handler.answer(handler.called("ask-" + id), "null");
        handler.answer(handler.called(function), REFUSED);
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
            JsonNode asked = team.called(function);
            assertThat(asked.at("/metadata/n").intValue()).isEqualTo(2);
            assertThat(asked.get("data").size()).isEqualTo(5);
            team.answer(asked, "null");
            assertThat(peer.nextEvent()).isEqualTo("sync null");
            peer.leave("1", stream, "g", "i");
            assertThat(team.called(function).get("metadata").intValue()).isEqualTo(3);
            assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        }
    }

    @Test
    void shouldLeaveThoughTheLeaveTriggerFails() {
        trigger("leave", function, "", "");
        peer.join("1", stream, "g", null).next();
        peer.leave("1", stream, "g", null);
        handler.fail(handler.called(function), "no");
        peer.join("2", stream, "h", null).next();
        set("g", 1);
        set("h", 2);
        assertThat(peer.nextEvent()).isEqualTo("create 2");
    }

    @Test
    void shouldTellOfTheEarlierSubscriptionWhosePlaceARefusedOneTook() {
        trigger("leave", function, "", "");
        peer.join("1", stream, "g", null).next();
        peer.joinWith("1", stream, "h", "\"from\":{\"offset\":9}");
        assertThat(peer.next().at("/event/code").textValue()).isEqualTo("OFFSET_OUT_OF_RANGE");

        JsonNode left = handler.called(function);
        assertThat(left.at("/data/subscription_id").textValue()).isEqualTo("1");
        assertThat(left.at("/data/group_id").textValue()).isEqualTo("g");
    }

    @Test
    void shouldFireStreamTriggersWhetherOrNotAnybodyMayListen() {
        trigger("join", function, "", "");
        handler.send("{\"type\":\"registertrigger\",\"id\":\"c" + id + "\",\"trigger_type\":\"stream\",\"function_id\":\"" + function
                + "\",\"config\":{\"stream_name\":\"" + stream + "\"}}");
        peer.join("1", stream, "g", null);
        handler.answer(handler.called(function), REFUSED);
        assertThat(peer.nextEvent()).isEqualTo("unauthorized");
        handler.start("stream::set", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
        assertThat(handler.called(function).at("/data/event/type").textValue()).isEqualTo("create");
        assertThat(peer.silent(SILENCE)).isTrue();
    }
}
