package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Items as deep, names as long and texts as odd as a call can carry them: functions and sockets must go on with them. */
class StreamOddValuesTest {

    /** Deepest that a call takes as a value. */
    private static final String DEEPEST = "[".repeat(126) + "]".repeat(126);

    private static TestEngine engine;
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("odd-streams");
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private static StreamPeer peer() {
        return StreamPeer.connect(engine.gateway().streams().port(), "/");
    }

    private JsonNode call(String function, String members) {
        return worker.call("stream::" + function, "{\"stream_name\":\"" + stream + "\"" + members + "}");
    }

    @Test
    void shouldShowTheDeepestItemsAndEventsToWhoListens() {
        try (StreamPeer peer = peer()) {
            peer.join("1", stream, "g", null).next();
            call("set", ",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + DEEPEST);
            call("send", ",\"group_id\":\"g\",\"type\":\"t\",\"data\":" + DEEPEST);
            assertThat(peer.nextEvent()).isEqualTo("create " + DEEPEST);
            assertThat(peer.nextEvent()).isEqualTo("event {\"type\":\"t\",\"data\":" + DEEPEST + "}");
            peer.join("2", stream, "g", null).join("3", stream, "g", "i");
            assertThat(peer.nextEvent()).isEqualTo("sync [" + DEEPEST + "]");
            assertThat(peer.nextEvent()).isEqualTo("sync " + DEEPEST);
        }
    }

    @Test
    void shouldReadTheDeepestItemsAndEventsAgain() {
        call("set", ",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + DEEPEST);
        call("send", ",\"group_id\":\"g\",\"type\":\"t\",\"data\":" + DEEPEST);
        assertThat(call("list", ",\"group_id\":\"g\",\"include_ids\":true").at("/result/0/value").toString()).isEqualTo(DEEPEST);
        assertThat(call("read", ",\"group_id\":\"g\",\"types\":[\"event\"]").at("/result/events/0/event/event/data").toString())
                .isEqualTo(DEEPEST);
        assertThat(call("get_at", ",\"group_id\":\"g\",\"offset\":1").at("/result/values/0/value").toString()).isEqualTo(DEEPEST);
        assertThat(call("consume", ",\"consumer_group\":\"c\",\"start\":\"earliest\"").at("/result/events/1/event/event/data").toString())
                .isEqualTo(DEEPEST);
    }

    @Test
    void shouldIgnoreJoinsOfNamesThatNothingCanHave() {
        try (StreamPeer peer = peer()) {
            for (String names : new String[] {
                "\"streamName\":\"\\ud800\",\"groupId\":\"g\"",
                "\"streamName\":\"s\",\"groupId\":\"\\udc00\"",
                "\"streamName\":\"s\",\"groupId\":\"g\",\"id\":\"\\ud83d\""
            }) {
                peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"odd\"," + names + "}}");
            }
            peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"\\ud800\",\"streamName\":\"s\",\"groupId\":\"g\"}}");
            peer.send("{\"\\udc00\":1,\"type\":\"ping\"}");
            peer.join("\0\ud83d\ude00", stream, "\0/%", " ");
            assertThat(peer.next().get("groupId").textValue()).isEqualTo("\0/%");
            assertThat(peer.silent(Duration.ofMillis(300))).isTrue();
        }
    }

    @Test
    void shouldServeNamesOfSixtyFourKibibytes() {
        String name = "ä/".repeat(22_000);
        try (StreamPeer peer = peer()) {
            peer.join("1", stream, name, name).next();
            call("set", ",\"group_id\":\"" + name + "\",\"item_id\":\"" + name + "\",\"data\":1");
            assertThat(peer.next().get("id").textValue()).isEqualTo(name);
        }
        assertThat(call("list_groups", "").at("/result/0").textValue()).isEqualTo(name);
    }

    @Test
    void shouldSendAwayWhoSendsMoreThanAMessageMayHold() {
        try (StreamPeer peer = peer()) {
            peer.send("{\"pad\":\"" + "x".repeat(200 * 1024) + "\"}").join("1", stream, "g", null).next();
            peer.send("{\"pad\":\"" + "x".repeat(300 * 1024) + "\"}");
            assertThat(peer.closeCode()).isEqualTo(1009);
        }
        try (StreamPeer inPieces = peer()) {
            for (int i = 0; i < 3; i++) {
                inPieces.sendPart("x".repeat(100 * 1024)); // and more is to come
            }
            assertThat(inPieces.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void shouldListenAgainToWhoSaidMuchAtOnce() {
        String pad = "x".repeat(100 * 1024);
        try (StreamPeer peer = peer()) {
            for (int i = 0; i < 40; i++) {
                peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"s" + i + "\",\"streamName\":\"" + stream + "\",\"groupId\":\"g" + i
                        + "\",\"pad\":\"" + pad + "\"}}");
            }
            assertThat(peer.next(40)).extracting(frame -> frame.get("groupId").textValue()).doesNotHaveDuplicates();
        }
    }
}
