package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.micrometer.core.instrument.Counter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client that does not read is spared, and what that costs (spec: stream.md 13.9). */
class SlowStreamClientTest {

    /** More than sockets take by themselves: whoever does not read is stuck with it. */
    private static final String LARGE = "\"" + "x".repeat(12 << 20) + "\"";

    @AutoClose
    private static TestEngine engine;

    private static TestGateway gateway;
    private static TestGateway strict;

    @AutoClose
    private static RawWorker worker;

    private final String stream = "s-" + UUID.randomUUID();
    private StreamPeer stuck;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        gateway = engine.addGateway(closingAfter(Duration.ofSeconds(60)));
        strict = engine.addGateway(closingAfter(Duration.ofSeconds(2)));
        worker = engine.worker("writer");
    }

    private static StreamSocketSettings closingAfter(Duration stall) {
        StreamSocketSettings usual = TestEngine.STREAMS;
        return new StreamSocketSettings(
                usual.host(), usual.port(), usual.authFunction(), usual.authRequired(), usual.authTimeout(),
                usual.joinTimeout(), usual.joinFailClosed(), usual.allowedOrigins(), usual.allowAnonymousConsumers(),
                usual.maxConnections(), usual.maxSubscriptions(), 4, Duration.ofMillis(100), usual.pingTimeout(), stall);
    }

    @BeforeEach
    void join() {
        join(gateway);
    }

    private void join(TestGateway at) {
        stuck = StreamPeer.connectWithoutReading(at.streams().port());
        stuck.join("1", stream, "g", null);
        Awaitility.await().until(() -> call("presence", "").at("/result/subscriptions").intValue() == 1);
    }

    @AfterEach
    void leave() {
        stuck.cut();
    }

    private JsonNode call(String function, String members) {
        return worker.call("stream::" + function, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}");
    }

    private void send(String data) {
        call("send", ",\"type\":\"t\",\"data\":" + data);
    }

    private double counted(String counter) {
        Counter found = gateway.meters().find(counter).tag("stream", stream).counter();
        return found == null ? 0 : found.count();
    }

    private List<String> read(int frames) {
        stuck.read();
        List<String> events = new ArrayList<>();
        for (JsonNode frame : stuck.next(frames)) {
            JsonNode event = frame.get("event");
            JsonNode data = event.has("data") ? event.get("data") : event.at("/event/data");
            events.add(event.get("type").textValue() + " " + (data.isTextual() ? "large" : data));
        }
        return events;
    }

    @Test
    void shouldDropTheOldestEventsAndCountThem() {
        send(LARGE);
        for (int n = 1; n <= 10; n++) {
            send(Integer.toString(n));
        }
        Awaitility.await().until(() -> counted("iii.stream.frames.dropped") == 6);
        assertThat(read(6)).containsExactly("sync []", "event large", "event 7", "event 8", "event 9", "event 10");
    }

    @Test
    void shouldMergeChangesOfAnItemToTheNewestAndLetACreationBeOne() {
        send(LARGE);
        for (int n = 1; n <= 10; n++) {
            call("set", ",\"item_id\":\"i\",\"data\":" + n);
        }
        Awaitility.await().until(() -> counted("iii.stream.frames.merged") > 0);
        send("\"end\"");
        List<String> events = new ArrayList<>();
        stuck.read();
        for (JsonNode frame = stuck.next(); !frame.at("/event/event/data").asText().equals("end"); frame = stuck.next()) {
            events.add(frame.at("/event/type").textValue() + " " + frame.at("/event/data"));
        }
        assertThat(events).element(2).asString().startsWith("create ").isNotEqualTo("create 1");
        assertThat(events.getLast()).endsWith(" 10");
        assertThat(events).hasSizeLessThan(8);
        assertThat(counted("iii.stream.frames.sent")).isPositive();
    }

    @Test
    void shouldGiveAFreshSyncForTooManyChangesAndCountThat() {
        send(LARGE);
        for (int n = 1; n <= 10; n++) {
            call("set", ",\"item_id\":\"i" + n + "\",\"data\":" + n);
        }
        stuck.read();
        assertThat(stuck.nextEvent()).isEqualTo("sync []");
        JsonNode frame = stuck.next();
        while (!frame.at("/event/type").textValue().equals("sync")) {
            frame = stuck.next();
        }
        assertThat(frame.at("/event/data")).hasSize(10);
        assertThat(counted("iii.stream.resyncs")).isEqualTo(1);
        assertThat(counted("iii.stream.frames.dropped")).isPositive();
    }

    @Test
    void shouldCloseAConnectionWhoseClientTakesNothing() {
        Counter stuckOnes = strict.meters().get("iii.stream.connections.stuck").counter();
        int code = 0;
        // Who does not get round to reading in time does not see why: the connection is cut.
        for (int i = 0; i < 5 && code != 1013; i++) {
            leave();
            Awaitility.await().until(() -> call("presence", "").at("/result/subscriptions").intValue() == 0);
            join(strict);
            double before = stuckOnes.count();
            send(LARGE);
            send("1");
            Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> stuckOnes.count() > before);
            stuck.read();
            code = stuck.closeCode();
        }
        assertThat(code).isEqualTo(1013);
        Awaitility.await().until(() -> call("presence", "").at("/result/subscriptions").intValue() == 0);
    }
}
