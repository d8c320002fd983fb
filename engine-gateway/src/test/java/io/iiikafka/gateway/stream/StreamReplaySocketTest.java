package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replay over stream sockets, through two gateways (spec: stream.md 13.2, 13.7, 14.34 to 14.37). */
class StreamReplaySocketTest {

    private static final Duration QUIET = Duration.ofMillis(200);

    @AutoClose
    private static TestEngine engine;

    private static TestGateway a;
    private static TestGateway b;

    @AutoClose
    private static RawWorker worker;

    @AutoClose
    private static RawWorker other;

    private String stream = "replayed/" + UUID.randomUUID();

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

    private JsonNode call(RawWorker caller, String function, String members) {
        JsonNode result =
                caller.call("stream::" + function, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}");
        assertThat(result.has("error")).as("%s", result).isFalse();
        return result.path("result");
    }

    /** Items {@code i0} to {@code i4} in turn. */
    private void set(int from, int to) {
        List<String> calls = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            calls.add(worker.start(
                    "stream::set",
                    "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"item_id\":\"i" + n % 5 + "\",\"data\":" + n
                            + "}"));
        }
        calls.forEach(worker::awaitResult);
    }

    /** For example {@code 7! create 7}: the offset, whether it is replayed, the event. */
    private static String shown(JsonNode frame) {
        JsonNode event = frame.get("event");
        return frame.get("offset") + (frame.path("replayed").asBoolean() ? "! " : " ")
                + event.get("type").textValue()
                + (event.has("data") ? " " + event.get("data") : "");
    }

    private static List<String> shown(StreamPeer peer, int frames) {
        return peer.next(frames).stream().map(StreamReplaySocketTest::shown).toList();
    }

    @Test
    void shouldReplayFromAnOffsetThenGoOnLive() {
        set(1, 100);
        try (StreamPeer peer = peer(b)) {
            peer.joinWith("s-1", stream, "g", "\"from\":{\"offset\":50}");
            List<JsonNode> frames = peer.next(51);
            set(101, 101);

            JsonNode first = frames.getFirst();
            assertThat(first.properties()).extracting(Map.Entry::getKey)
                    .containsExactly(
                            "type", "timestamp", "streamName", "groupId", "id", "event", "subscriptionId", "offset", "replayed");
            assertThat(first.get("subscriptionId").textValue()).isEqualTo("s-1");
            assertThat(first.get("id").textValue()).isEqualTo("i0");
            assertThat(frames).extracting(frame -> frame.get("offset").longValue())
                    .containsExactlyElementsOf(LongStream.rangeClosed(50, 100).boxed().toList());
            assertThat(peer.next().get("event").toString()).isEqualTo("{\"type\":\"caught_up\",\"offset\":100}");
            assertThat(shown(peer.next())).isEqualTo("101 update 101");
            assertThat(peer.silent(QUIET)).isTrue();
        }
    }

    @Test
    void shouldBeginWhereItIsTold() {
        set(1, 4);
        long third = call(worker, "read", "").at("/events/2/timestamp").longValue();
        Map<String, List<String>> wanted = Map.of(
                "\"from\":\"latest\"", List.of("4 sync [1,2,3,4]", "4 caught_up"),
                "\"from\":\"earliest\",\"types\":[\"update\"]", List.of("4 caught_up"),
                "\"from\":{\"last\":2}", List.of("3! create 3", "4! create 4", "4 caught_up"),
                "\"from\":{\"last\":1},\"sync\":true", List.of("4 sync [1,2,3,4]", "4! create 4", "4 caught_up"),
                "\"from\":{\"timestamp\":" + third + "}", List.of("3! create 3", "4! create 4", "4 caught_up"),
                "\"from\":{\"offset\":5}", List.of("4 caught_up"),
                "\"from\":\"earliest\",\"id\":\"i2\"", List.of("2! create 2", "4 caught_up"),
                "\"from\":\"latest\",\"id\":\"i2\",\"sync\":false", List.of("4 caught_up"),
                "\"types\":[\"create\"]", List.of("4 sync [1,2,3,4]", "4 caught_up"),
                "\"offsets\":true", List.of("4 sync [1,2,3,4]"));
        wanted.forEach((options, frames) -> {
            try (StreamPeer peer = peer(a)) {
                peer.joinWith("1", stream, "g", options);
                assertThat(shown(peer, frames.size())).as(options).isEqualTo(frames);
                assertThat(peer.silent(Duration.ofMillis(50))).as(options).isTrue();
            }
        });
    }

    @Test
    void shouldSayWhyItCannotReplay() {
        stream = "few/" + UUID.randomUUID();
        set(1, 30);
        try (StreamPeer peer = peer(a)) {
            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":20}");
            assertThat(peer.next().get("event").toString())
                    .isEqualTo("{\"type\":\"error\",\"code\":\"OFFSET_OUT_OF_RANGE\",\"message\":\"Offset 20 cannot be read: "
                            + "earliest 21, latest 30\",\"earliest\":21,\"latest\":30}");
            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":32},\"onGap\":\"earliest\"");
            assertThat(peer.next().at("/event/code").textValue()).isEqualTo("OFFSET_OUT_OF_RANGE");
            peer.joinWith("1", "iii:devtools:x", "g", "\"from\":\"earliest\"");
            assertThat(peer.next().at("/event/code").textValue()).isEqualTo("REPLAY_DISABLED");
            for (String bad : List.of(
                    "\"from\":\"now\"",
                    "\"from\":{\"offset\":0}",
                    "\"from\":{\"offset\":1,\"last\":1}",
                    "\"from\":7",
                    "\"sync\":1",
                    "\"types\":[\"creation\"]",
                    "\"types\":\"create\"",
                    "\"onGap\":\"skip\"",
                    "\"maxRate\":0")) {
                peer.joinWith("bad", stream, "g", bad);
                JsonNode answer = peer.next();
                assertThat(answer.at("/event/code").textValue()).as(bad).isEqualTo("BAD_REQUEST");
                assertThat(answer.get("subscriptionId").textValue()).isEqualTo("bad");
            }
            set(31, 31);
            assertThat(peer.silent(QUIET)).as("nothing is subscribed").isTrue();

            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":20},\"onGap\":\"earliest\"");
            assertThat(peer.next().get("event").toString()).isEqualTo("{\"type\":\"gap\",\"from\":20,\"to\":21}");
            assertThat(shown(peer, 11)).startsWith("22! update 22").endsWith("31! update 31", "31 caught_up");
            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":20},\"onGap\":\"sync\"");
            assertThat(peer.next().get("event").toString()).isEqualTo("{\"type\":\"gap\",\"from\":20,\"to\":31}");
            assertThat(shown(peer, 2)).containsExactly("31 sync [31,27,28,29,30]", "31 caught_up");
        }
    }

    @Test
    void shouldLeavePlainSubscriptionsBesideAsTheyAre() {
        try (StreamPeer both = peer(a);
                StreamPeer plain = peer(a)) {
            plain.join("p", stream, "g", null).next();
            both.join("p", stream, "g", null).next();
            both.joinWith("x", stream, "g", "\"offsets\":true").next();
            both.joinWith("y", stream, "g", "\"offsets\":true,\"types\":[\"event\"]").next(2);
            set(1, 1);
            call(other, "send", ",\"type\":\"t\",\"data\":2,\"durable\":false");

            List<String> expected = List.of(plain.nextText(), plain.nextText());
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(both.nextText());
            }
            assertThat(all).containsAll(expected);
            String change = expected.getFirst().substring(0, expected.getFirst().length() - 1);
            String event = expected.getLast().substring(0, expected.getLast().length() - 1);
            assertThat(all).contains(
                    change + ",\"subscriptionId\":\"x\",\"offset\":1}",
                    event + ",\"subscriptionId\":\"x\",\"offset\":null}",
                    event + ",\"subscriptionId\":\"y\",\"offset\":null}");
            assertThat(both.silent(QUIET)).isTrue();
        }
    }

    @Test
    void shouldJoinByAddress() {
        set(1, 3);
        String path = "/stream/" + stream.replace("/", "%2F") + "/g?token=x&";
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), path + "from=last:2&sync=false&types=create,delete")) {
            assertThat(shown(peer, 3)).containsExactly("2! create 2", "3! create 3", "3 caught_up");
        }
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), path + "from=3")) {
            assertThat(shown(peer, 2)).containsExactly("3! create 3", "3 caught_up");
        }
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), path + "from=ts:0")) {
            assertThat(shown(peer, 4)).endsWith("3! create 3", "3 caught_up");
        }
        try (StreamPeer peer = StreamPeer.connect(a.streams().port(), path + "offsets=true")) {
            assertThat(shown(peer, 1)).containsExactly("3 sync [1,2,3]");
        }
    }

    @Test
    void shouldReadNoFasterThanItIsTold() {
        set(1, 60);
        try (StreamPeer peer = peer(a)) {
            long begun = System.nanoTime();
            peer.joinWith("1", stream, "g", "\"from\":\"earliest\",\"maxRate\":30");
            assertThat(shown(peer.next(61).getLast())).isEqualTo("60 caught_up");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void shouldNotLoseAnythingToAClientThatReadsSlowly() {
        try (StreamPeer slow = StreamPeer.connectWithoutReading(b.streams().port())) {
            slow.joinWith("1", stream, "g", "\"from\":\"earliest\"");
            String filling = "x".repeat(20_000);
            for (int batch = 0; batch < 30; batch++) {
                List<String> calls = new ArrayList<>();
                for (int n = 0; n < 50; n++) {
                    calls.add(worker.start(
                            "stream::send",
                            "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"type\":\"t\",\"data\":\"" + filling
                                    + "\"}"));
                }
                for (String call : calls) {
                    assertThat(worker.awaitResult(call).has("error")).isFalse();
                }
            }
            slow.read();

            long next = 1;
            while (next <= 1_500) {
                JsonNode frame = slow.next();
                if (frame.at("/event/type").textValue().equals("event")) {
                    assertThat(frame.get("offset").longValue()).isEqualTo(next++);
                }
            }
        }
    }

    @Test
    void shouldRemoveItemsWhoseTimeIsOverAlsoWhenTheKeeperWasRestarted() {
        try (StreamPeer peer = peer(b)) {
            peer.joinWith("1", stream, "g", "\"from\":\"latest\",\"sync\":false").next();
            call(worker, "set", ",\"item_id\":\"a/b\",\"data\":1,\"ttl_ms\":5000");
            call(worker, "set", ",\"item_id\":\"kept\",\"data\":2,\"ttl_ms\":5000");
            call(worker, "update", ",\"item_id\":\"kept\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]");
            assertThat(shown(peer, 4))
                    .containsExactly("1 create 1", "2 create 2", "3 update 3", "4 delete 1");
            call(worker, "set", ",\"item_id\":\"late\",\"data\":5,\"ttl_ms\":1000");
            engine.restartKeeper(true);
            assertThat(shown(peer, 2)).containsExactly("5 create 5", "6 delete 5");
            assertThat(call(worker, "list", "")).hasToString("[3]");
            JsonNode events = call(worker, "read", ",\"types\":[\"delete\"]").get("events");
            assertThat(events).extracting(event -> event.get("event_id").textValue())
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id.startsWith("expired:"));
        }
    }

    /** A client that keeps its last position, and nothing else. */
    private final class Reconnecting {

        private final List<Integer> seen = new ArrayList<>();
        private long last;

        /** Listens for a while; what it got when the socket is cut may be any part of what was sent. */
        void listen(TestGateway gateway, long untilMs, boolean cut) {
            StreamPeer peer = peer(gateway);
            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":" + (last + 1) + "},\"onGap\":\"error\"");
            do {
                JsonNode frame = peer.next();
                String type = frame.at("/event/type").textValue();
                assertThat(type).isIn("create", "update", "caught_up");
                if (type.equals("caught_up")) {
                    assertThat(frame.at("/event/offset").longValue()).isEqualTo(last);
                } else {
                    assertThat(frame.get("offset").longValue()).isEqualTo(++last);
                    seen.add(frame.at("/event/data").intValue());
                }
            } while (System.currentTimeMillis() < untilMs);
            if (cut) {
                peer.cut();
            } else {
                peer.close();
            }
        }
    }

    @Test
    void shouldMissNothingHoweverOftenTheSocketIsCut() throws InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int n = 1; !stop.get(); n++) {
                String data = "{\"item_id\":\"i" + n % 5 + "\",\"data\":" + n + ",\"stream_name\":\"" + stream
                        + "\",\"group_id\":\"g\"}";
                (n % 2 == 0 ? worker : other).call("stream::set", data);
                written.set(n);
            }
        });
        List<Reconnecting> clients = List.of(new Reconnecting(), new Reconnecting());
        try {
            for (int round = 0; round < 40; round++) {
                for (Reconnecting client : clients) {
                    client.listen(
                            random.nextBoolean() ? a : b,
                            System.currentTimeMillis() + random.nextInt(80),
                            random.nextBoolean());
                }
                if (round == 20) {
                    engine.restartKeeper(random.nextBoolean());
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        for (Reconnecting client : clients) {
            StreamPeer peer = peer(a);
            peer.joinWith("1", stream, "g", "\"from\":{\"offset\":" + (client.last + 1) + "}");
            for (JsonNode frame = peer.next(); !frame.at("/event/type").textValue().equals("caught_up"); frame = peer.next()) {
                client.seen.add(frame.at("/event/data").intValue());
            }
            peer.close();
            assertThat(client.seen)
                    .as("seed %d", seed)
                    .hasSizeGreaterThan(100)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, written.get()).boxed().toList());
        }
    }
}
