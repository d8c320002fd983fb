package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Consumer groups over stream sockets, through two gateways (spec: stream.md 13.4). */
class StreamConsumerSocketTest {

    private static final Duration QUIET = Duration.ofMillis(300);

    @AutoClose
    private static TestEngine engine;

    private static TestGateway a;
    private static TestGateway b;
    private static TestGateway guarded;

    @AutoClose
    private static RawWorker worker;

    private final String stream = "consumed-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        guarded = engine.gateway();
        a = engine.addGateway(anonymous());
        b = engine.addGateway(anonymous());
        worker = engine.worker(guarded, "consumers");
    }

    private static StreamSocketSettings anonymous() {
        StreamSocketSettings usual = TestEngine.STREAMS;
        return new StreamSocketSettings(
                usual.host(),
                usual.port(),
                usual.authFunction(),
                usual.authRequired(),
                usual.authTimeout(),
                usual.joinTimeout(),
                usual.joinFailClosed(),
                usual.allowedOrigins(),
                true,
                usual.maxConnections(),
                usual.maxSubscriptions(),
                usual.maxQueued(),
                usual.pingInterval(),
                usual.pingTimeout(),
                usual.stallTimeout());
    }

    private static StreamPeer peer(TestGateway gateway) {
        return StreamPeer.connect(gateway.streams().port(), "/");
    }

    private void send(int from, int to) {
        List<String> calls = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            calls.add(worker.start(
                    "stream::send",
                    "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\",\"type\":\"job\",\"data\":" + n + "}"));
        }
        calls.forEach(worker::awaitResult);
    }

    private StreamPeer consume(StreamPeer peer, String more) {
        return peer.joinWith("1", stream, "g", "\"consumerGroup\":\"c\",\"start\":\"earliest\"" + more);
    }

    private static void settle(StreamPeer peer, String type, String more, JsonNode... frames) {
        List<String> ids = new ArrayList<>();
        for (JsonNode frame : frames) {
            ids.add(frame.get("deliveryId").toString());
        }
        peer.send("{\"type\":\"" + type + "\",\"data\":{\"subscriptionId\":\"1\",\"deliveryIds\":" + ids + more + "}}");
    }

    /** For example {@code 7 #2}: the second attempt at 7. */
    private static String shown(JsonNode frame) {
        return frame.at("/event/event/data") + " #" + frame.get("attempt");
    }

    private JsonNode position() {
        return worker.call("stream::consumer_groups", "{\"stream_name\":\"" + stream + "\",\"consumer_group\":\"c\"}")
                .at("/result/consumer_groups/0");
    }

    private void awaitNothingLeft() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(position().at("/positions/0/lag"))
                .as("%s", position())
                .hasToString("0"));
    }

    @Test
    void shouldHandOutAgainWhatIsGivenBack() {
        send(1, 3);
        try (StreamPeer peer = consume(peer(a), "")) {
            List<JsonNode> first = peer.next(3);
            assertThat(first).extracting(StreamConsumerSocketTest::shown).containsExactly("1 #1", "2 #1", "3 #1");
            assertThat(first.getFirst().get("subscriptionId").textValue()).isEqualTo("1");
            assertThat(first.getFirst().get("offset").intValue()).isEqualTo(1);
            settle(peer, "ack", "", first.get(0));
            settle(peer, "nack", ",\"delayMs\":300", first.get(1));

            List<JsonNode> again = peer.next(2);
            assertThat(again).extracting(StreamConsumerSocketTest::shown).containsExactly("2 #2", "3 #1");
            settle(peer, "ack", "", first.get(2), again.get(0), again.get(1));
            send(4, 4);
            JsonNode last = peer.next();
            assertThat(shown(last)).isEqualTo("4 #1");
            settle(peer, "ack", "", last);
            awaitNothingLeft();
        }
    }

    @Test
    void shouldBuryWhatWasHandedOutAsOftenAsTheClientSays() {
        send(1, 2);
        try (StreamPeer peer = consume(peer(a), ",\"maxAttempts\":2,\"leaseMs\":6000")) {
            settle(peer, "nack", "", peer.next(2).getFirst());
            List<JsonNode> again = peer.next(2);
            assertThat(again).extracting(StreamConsumerSocketTest::shown).containsExactly("1 #2", "2 #1");
            settle(peer, "nack", "", again.getFirst());

            JsonNode next = peer.next();
            assertThat(shown(next)).isEqualTo("2 #1");
            assertThat(peer.silent(Duration.ofMillis(6_500))).as("the lease is renewed").isTrue();
            settle(peer, "ack", "", next);
            awaitNothingLeft();
            assertThat(position().get("dead_letters").intValue()).isEqualTo(1);
            worker.call(
                    "stream::dead_letters",
                    "{\"stream_name\":\"" + stream + "\",\"consumer_group\":\"c\",\"purge\":\"all\"}");
            assertThat(position().get("dead_letters").intValue()).isZero();
        }
    }

    @Test
    void shouldReturnToOthersAtOnceWhatAClientHasNotAcknowledged() {
        send(1, 4);
        try (StreamPeer one = consume(peer(a), "");
                StreamPeer two = peer(b)) {
            assertThat(one.next(4)).hasSize(4);
            consume(two, ",\"maxInFlight\":2");
            assertThat(two.silent(QUIET)).isTrue();
            one.leave("1", stream, "g", null);
            List<JsonNode> taken = two.next(2);
            // What the question for more that the first had open was answered with reached nobody, and does not count.
            assertThat(taken).extracting(StreamConsumerSocketTest::shown).containsExactly("1 #2", "2 #1");
            assertThat(two.silent(QUIET)).as("it may have two").isTrue();

            StreamPeer three = consume(peer(a), "");
            assertThat(three.silent(QUIET)).isTrue();
            two.cut();
            assertThat(three.next(4)).extracting(frame -> frame.at("/event/event/data").intValue())
                    .containsExactly(1, 2, 3, 4);
            three.close();
        }
    }

    @Test
    void shouldShareEventsBetweenMembersOfWhichOneIsCut() {
        send(1, 100);
        Set<Integer> done = new HashSet<>();
        StreamPeer dying = consume(peer(b), ",\"ordering\":\"none\"");
        assertThat(dying.next(5)).hasSize(5);
        try (StreamPeer one = consume(peer(a), ",\"ordering\":\"none\"");
                StreamPeer two = consume(peer(b), ",\"ordering\":\"none\"")) {
            for (int n = 0; n < 20; n++) {
                for (StreamPeer peer : List.of(one, two)) {
                    JsonNode frame = peer.next();
                    assertThat(done.add(frame.at("/event/event/data").intValue())).as("%s", frame).isTrue();
                    settle(peer, "ack", "", frame);
                }
            }
            dying.cut();
            send(101, 150);
        }
        try (StreamPeer rest = consume(peer(a), ",\"ordering\":\"none\",\"maxInFlight\":50")) {
            while (done.size() < 150) {
                JsonNode frame = rest.next();
                done.add(frame.at("/event/event/data").intValue());
                settle(rest, "ack", "", frame);
            }
            awaitNothingLeft();
        }
        assertThat(done).containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(1, 150).boxed().toList());
    }

    @Test
    void shouldSayWhyItCannotConsume() {
        try (StreamPeer peer = consume(peer(a), ",\"ordering\":\"item\"")) {
            Awaitility.await().until(() -> !position().isMissingNode());
            for (String bad : List.of(
                    "\"consumerGroup\":\"\"",
                    "\"consumerGroup\":7",
                    "\"consumerGroup\":\"c\",\"from\":\"latest\"",
                    "\"consumerGroup\":\"c\",\"maxInFlight\":0",
                    "\"consumerGroup\":\"c\",\"leaseMs\":999",
                    "\"consumerGroup\":\"c\",\"maxAttempts\":-1",
                    "\"consumerGroup\":\"c\",\"ordering\":\"best\"",
                    "\"consumerGroup\":\"c\",\"start\":\"now\"")) {
                peer.joinWith("bad", stream, "g", bad);
                assertThat(peer.next().at("/event/code").textValue()).as(bad).isEqualTo("BAD_REQUEST");
            }
            peer.joinWith("bad", stream, "g", "\"consumerGroup\":\"c\",\"ordering\":\"none\"");
            assertThat(peer.next().at("/event/code").textValue()).isEqualTo("CONSUMER_GROUP_CONFLICT");
        }
    }

    @Test
    void shouldLetNobodyConsumeWhereNobodyDecides() {
        send(1, 1);
        try (StreamPeer peer = consume(peer(guarded), "")) {
            assertThat(peer.next().at("/event/code").textValue()).isEqualTo("FORBIDDEN");
            worker.serve("guard").send("{\"type\":\"registertrigger\",\"id\":\"guard\",\"trigger_type\":\"stream:join\","
                    + "\"function_id\":\"guard\",\"config\":{\"stream_name\":\"" + stream + "\"}}");
            worker.call("engine::registered-triggers::list", "{}");
            consume(peer, "");
            JsonNode asked = worker.next("invokefunction");
            assertThat(asked.at("/data/consumer_group").textValue()).isEqualTo("c");
            worker.answer(asked, "{\"unauthorized\":false}");
            JsonNode frame = peer.next();
            assertThat(shown(frame)).isEqualTo("1 #1");
            assertThat(StreamSupport.stream(position().get("members").spliterator(), false)).hasSize(1);
        }
    }
}
