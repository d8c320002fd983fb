package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stream port through two gateways (spec: stream.md 5, 14.11 to 14.24). */
class StreamSocketTest {

    private static final Duration QUIET = Duration.ofMillis(200);

    @AutoClose
    private static TestEngine engine;

    private static TestGateway a;
    private static TestGateway b;

    @AutoClose
    private static RawWorker worker;

    @AutoClose
    private static RawWorker other;

    private final String stream = "s/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        a = engine.gateway();
        b = engine.addGateway();
        worker = engine.worker(a, "streams");
        other = engine.worker(b, "others");
    }

    private static StreamPeer peer(TestGateway gateway) {
        return StreamPeer.connect(gateway.streams().port(), "/");
    }

    private void call(RawWorker caller, String function, String group, String members) {
        JsonNode result = caller.call(
                "stream::" + function,
                "{\"stream_name\":\"" + stream + "\",\"group_id\":\"" + group + "\"" + members + "}");
        assertThat(result.has("error")).as("%s", result).isFalse();
    }

    private void set(String group, String item, String data) {
        call(worker, "set", group, ",\"item_id\":\"" + item + "\",\"data\":" + data);
    }

    @Test
    void shouldConnectWithAnyQueryAndAnswerTheSubprotocol() {
        for (String path : List.of("/", "/?token=a&x", "/stream", "/stream/", "/ws/streams")) {
            try (StreamPeer peer = StreamPeer.connect(a.streams().port(), path, "Authorization", "a.b-c_d")) {
                assertThat(peer.protocol()).isEqualTo("Authorization");
            }
        }
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), "/", "tok", "Authorization")) {
            assertThat(peer.protocol()).isEqualTo("Authorization");
        }
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), "/", "one", "two")) {
            assertThat(peer.protocol()).isEqualTo("one");
        }
    }

    @Test
    void shouldSyncItemsAndGroups() {
        try (StreamPeer peer = peer(a)) {
            peer.join("1", stream, "g", "i").join("2", stream, "g", null);
            JsonNode item = peer.next();
            assertThat(item.properties()).extracting(Map.Entry::getKey)
                    .containsExactly("type", "timestamp", "streamName", "groupId", "id", "event");
            assertThat(item.get("id").textValue()).isEqualTo("i");
            assertThat(item.get("streamName").textValue()).isEqualTo(stream);
            assertThat(item.get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":null}");
            JsonNode group = peer.next();
            assertThat(group.get("id").isNull()).isTrue();
            assertThat(group.get("event").toString()).isEqualTo("{\"type\":\"sync\",\"data\":[]}");

            set("g", "i", "{\"n\":1}");
            set("g", "j", "2");
            peer.next(2);
            peer.join("1", stream, "g", "i").join("2", stream, "g", null);
            assertThat(peer.nextEvent()).isEqualTo("sync {\"n\":1}");
            assertThat(peer.nextEvent()).isEqualTo("sync [{\"n\":1},2]");
        }
    }

    @Test
    void shouldShowChangesAndEventsOncePerConnectionWithRisingTimestamps() {
        try (StreamPeer both = peer(a);
                StreamPeer item = peer(b)) {
            both.join("g", stream, "g", null).join("i", stream, "g", "i").next(2);
            item.join("i", stream, "g", "i").next();

            set("g", "i", "{\"n\":1}");
            call(other, "update", "g", ",\"item_id\":\"i\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]");
            call(worker, "send", "g", ",\"type\":\"typing\",\"data\":7");
            call(other, "send", "g", ",\"type\":\"typing\",\"data\":8,\"id\":\"i\"");
            call(other, "send", "g", ",\"type\":\"typing\",\"data\":9,\"id\":\"other\",\"durable\":false");
            call(worker, "delete", "g", ",\"item_id\":\"i\"");

            List<JsonNode> frames = both.next(6);
            assertThat(frames).extracting(frame -> frame.get("id") + " " + frame.get("event"))
                    .containsExactly(
                            "\"i\" {\"type\":\"create\",\"data\":{\"n\":1}}",
                            "\"i\" {\"type\":\"update\",\"data\":{\"n\":2}}",
                            "null {\"type\":\"event\",\"event\":{\"type\":\"typing\",\"data\":7}}",
                            "\"i\" {\"type\":\"event\",\"event\":{\"type\":\"typing\",\"data\":8}}",
                            "\"other\" {\"type\":\"event\",\"event\":{\"type\":\"typing\",\"data\":9}}",
                            "\"i\" {\"type\":\"delete\",\"data\":{\"n\":2}}");
            assertThat(frames).extracting(frame -> frame.get("timestamp").longValue())
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(item.next(4)).extracting(frame -> frame.at("/event/type").textValue())
                    .containsExactly("create", "update", "event", "delete");
            assertThat(both.silent(QUIET)).isTrue();
            assertThat(item.silent(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void shouldIgnoreWhatItDoesNotUnderstand() throws InterruptedException {
        try (StreamPeer peer = peer(a)) {
            peer.send("").send("nonsense").send("[]").send("{\"type\":\"ping\"}").send("{\"type\":\"join\"}");
            peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"s\"}}");
            peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"s\",\"groupId\":1}}");
            peer.send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"s\",\"groupId\":\"g\","
                    + "\"id\":7}}");
            peer.sendBinary(new byte[] {1, 2, 3});
            peer.sendBinary(("{\"x\":1,\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"" + stream
                            + "\",\"groupId\":\"g\",\"y\":2}}")
                    .getBytes());
            assertThat(peer.nextEvent()).isEqualTo("sync []");
            assertThat(peer.ping("p1")).isEqualTo("p1");
        }
    }

    @Test
    void shouldTellNothingMoreAfterALeave() {
        try (StreamPeer peer = peer(a)) {
            peer.join("1", stream, "g", null).join("2", stream, "h", null).next(2);
            peer.leave("1", stream, "g", null).leave("unknown", stream, "g", null);
            peer.join("2", stream, "k", null);
            assertThat(peer.nextEvent()).isEqualTo("sync []");
            set("g", "i", "1");
            set("h", "i", "2");
            set("k", "i", "3");
            assertThat(peer.nextEvent()).isEqualTo("create 3");
            assertThat(peer.silent(QUIET)).isTrue();
        }
    }

    @Test
    void shouldLoseAndDoubleNothingWhenClientsJoinWhileOthersWrite() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int n = 1; !stop.get(); n++) {
                String data = "{\"item_id\":\"i" + n % 5 + "\",\"data\":" + n + ",\"stream_name\":\"" + stream
                        + "\",\"group_id\":\"busy\"}";
                (n % 2 == 0 ? worker : other).call("stream::set", data);
            }
        });
        try {
            for (int round = 0; round < 30; round++) {
                try (StreamPeer peer = peer(round % 2 == 0 ? a : b)) {
                    peer.join("1", stream, "busy", null);
                    JsonNode sync = peer.next();
                    assertThat(sync.at("/event/type").textValue()).isEqualTo("sync");
                    int newest = IntStream.range(0, sync.at("/event/data").size())
                            .map(i -> sync.at("/event/data").get(i).intValue())
                            .max()
                            .orElse(0);
                    long timestamp = sync.get("timestamp").longValue();
                    for (JsonNode frame : peer.next(10)) {
                        assertThat(frame.at("/event/data").intValue()).as("round %d", round).isEqualTo(++newest);
                        assertThat(frame.get("timestamp").longValue()).isGreaterThan(timestamp);
                        timestamp = frame.get("timestamp").longValue();
                    }
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void shouldShowAThousandUpdatesOfOneItemInOrderOnTheOtherGateway() {
        try (StreamPeer peer = peer(b)) {
            peer.join("1", stream, "g", "i").next();
            List<String> calls = new ArrayList<>();
            for (int n = 1; n <= 1000; n++) {
                calls.add(worker.start(
                        "stream::set",
                        "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + n + "}"));
            }
            calls.forEach(worker::awaitResult);
            List<JsonNode> frames = peer.next(1000);
            assertThat(frames).extracting(frame -> frame.at("/event/data").intValue())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 1000).boxed().toList());
            assertThat(frames).extracting(frame -> frame.get("timestamp").longValue())
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldSurviveARestartOfTheKeeper() {
        try (StreamPeer peer = peer(a)) {
            peer.join("1", stream, "g", null).next();
            set("g", "i", "1");
            engine.restartKeeper(false);
            set("g", "i", "2");
            assertThat(peer.nextEvent()).isEqualTo("create 1");
            assertThat(peer.nextEvent()).isEqualTo("update 2");
            assertThat(peer.silent(QUIET)).isTrue();
        }
    }

    /** Reads until the frame about the item; how many frames that took, of which none may be older than one before. */
    private static int readUntil(StreamPeer peer, String item) {
        long timestamp = 0;
        int frames = 0;
        while (true) {
            JsonNode frame = peer.next();
            frames++;
            assertThat(frame.get("timestamp").longValue()).isGreaterThan(timestamp);
            timestamp = frame.get("timestamp").longValue();
            if (item.equals(frame.get("id").textValue())) {
                return frames;
            }
        }
    }

    @Test
    void shouldMergeChangesForAClientThatDoesNotReadAndDelayNobodyElse() {
        String large = "\"" + "x".repeat(200_000) + "\"";
        StreamPeer stuck = StreamPeer.connectWithoutReading(a.streams().port());
        try (StreamPeer peer = peer(a)) {
            stuck.join("1", stream, "g", null);
            peer.join("1", stream, "g", "last").next();
            for (int n = 0; n < 120; n++) {
                set("g", "i" + n % 3, large);
            }
            set("g", "last", "1");
            assertThat(peer.nextEvent()).isEqualTo("create 1");

            stuck.read();
            assertThat(readUntil(stuck, "last")).isLessThan(100);
            set("g", "after", "2");
            assertThat(stuck.nextEvent()).isEqualTo("create 2");
        } finally {
            stuck.cut();
        }
    }

    @Test
    void shouldGiveAClientThatDoesNotReadAFreshSyncWhenTooMuchHasChanged() {
        String large = "\"" + "x".repeat(200_000) + "\"";
        StreamPeer stuck = StreamPeer.connectWithoutReading(a.streams().port());
        try {
            stuck.join("1", stream, "g", null);
            for (int n = 0; n < 120; n++) {
                set("g", "i" + n % 60, large);
            }
            stuck.read();
            int frames = 1;
            while (!stuck.next().at("/event/type").textValue().equals("sync") || frames == 1) {
                frames++;
            }
            assertThat(frames).isLessThan(120);
            set("g", "after", "2");
            assertThat(stuck.nextEvent()).isEqualTo("create 2");
        } finally {
            stuck.cut();
        }
    }

    @Test
    void shouldSayOnceThatAGroupIsTooLongToBeShownAndGoOnWithWhatHappens() {
        String data = "\"" + "x".repeat(12 << 20) + "\"";
        for (String item : List.of("a", "b", "c")) {
            set("g", item, data);
        }
        try (StreamPeer peer = peer(a)) {
            peer.join("1", stream, "g", null);
            JsonNode error = peer.next().get("event");
            assertThat(error.get("type").textValue()).isEqualTo("error");
            assertThat(error.get("code").textValue()).isEqualTo("PAYLOAD_TOO_LARGE");
            assertThat(peer.silent(Duration.ofMillis(1_500))).isTrue();
            set("g", "d", "1");
            assertThat(peer.nextEvent()).isEqualTo("create 1");
        }
    }

    @Test
    void shouldCountWhoListensOnAllGateways() {
        try (StreamPeer one = peer(a);
                StreamPeer two = peer(b)) {
            one.join("1", stream, "g", null).join("2", stream, "g", "i").next(2);
            two.join("1", stream, "g", null).next();
            two.join("2", stream, "h", null).next();
            assertThat(presence()).isEqualTo("{\"subscriptions\":3}");
            one.cut();
            Awaitility.await().until(() -> presence().equals("{\"subscriptions\":1}"));
        }
    }

    private String presence() {
        return worker.call("stream::presence", "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"}")
                .get("result")
                .toString();
    }
}
