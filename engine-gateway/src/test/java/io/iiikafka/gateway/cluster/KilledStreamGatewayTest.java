package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A gateway that is killed is survived by leave triggers for its stream sockets (spec: stream.md 5.4). */
class KilledStreamGatewayTest {

    private static final Pattern PORT = Pattern.compile("streams +ws://127\\.0\\.0\\.1:(\\d+)");

    @Test
    void shouldTellWhoLeftWhenAGatewayIsKilled() {
        try (TestEngine engine = TestEngine.start();
                EngineProcess gateway = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker worker = engine.worker("leaves").serve("on-leave")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"stream:leave\","
                    + "\"function_id\":\"on-leave\",\"config\":{}}");
            worker.call("engine::registered-triggers::list", "{}");
            StreamPeer peer = StreamPeer.connect(port(gateway), "/");
            peer.join("1", "s", "g", "i").next();
            worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
            assertThat(peer.nextEvent()).isEqualTo("create 1");

            gateway.kill();

            AtomicReference<JsonNode> left = new AtomicReference<>();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(70))
                    .ignoreExceptionsInstanceOf(AssertionError.class)
                    .untilAsserted(() -> left.set(worker.next("invokefunction")));
            assertThat(left.get().get("data").toString())
                    .isEqualTo("{\"subscription_id\":\"1\",\"stream_name\":\"s\",\"group_id\":\"g\",\"id\":\"i\","
                            + "\"context\":null}");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(500))).isTrue();
        }
    }

    /** Nobody was there to see it go: its successor takes its slots over, and it out of the catalog, while it starts. */
    @Test
    void shouldCountNobodyAnyMoreWhenTheOnlyEngineWasKilledAndStartedAgain() {
        String prefix = TestBroker.freshPrefix();
        EngineProcess engine = EngineProcess.start(prefix, 0, "gateway,router,keeper");
        try {
            StreamPeer peer = StreamPeer.connect(port(engine), "/");
            peer.join("1", "s", "g", "i").next();
            assertThat(presence(engine)).isEqualTo(1);

            engine.kill();
            engine = engine.successor(prefix, "gateway,router,keeper").awaitReady();

            EngineProcess successor = engine;
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> presence(successor) == 0);
        } finally {
            engine.close();
        }
    }

    private static int presence(EngineProcess engine) {
        try (RawWorker worker = RawWorker.connect(engine.url()).announce("counts")) {
            return worker.call("stream::presence", "{\"stream_name\":\"s\",\"group_id\":\"g\"}")
                    .at("/result/subscriptions")
                    .intValue();
        }
    }

    @Test
    void shouldMissNothingWhenTheClientGoesOnElsewhereAfterItsGatewayWasKilled() throws InterruptedException {
        try (TestEngine engine = TestEngine.start();
                EngineProcess gateway = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker worker = engine.worker("writer")) {
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int n = 1; !stop.get(); n++) {
                    worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":" + n + "}");
                }
            });
            long last = 0;
            try {
                StreamPeer peer = StreamPeer.connect(port(gateway), "/");
                peer.joinWith("1", "s", "g", "\"from\":\"earliest\"");
                last = follow(peer, last, 100);
                gateway.kill();
                StreamPeer elsewhere =
                        StreamPeer.connect(engine.gateway().streams().port(), "/stream/s/g?from=" + (last + 1));
                follow(elsewhere, last, 200);
                elsewhere.close();
            } finally {
                stop.set(true);
                writer.join();
            }
        }
    }

    /** So many events without a gap or a double; gives the last offset. */
    private static long follow(StreamPeer peer, long last, int events) {
        for (int seen = 0; seen < events; ) {
            JsonNode frame = peer.next();
            if (!frame.at("/event/type").textValue().equals("caught_up")) {
                assertThat(frame.get("offset").longValue()).isEqualTo(last + 1);
                assertThat(frame.at("/event/data").longValue()).isEqualTo(last + 1);
                last++;
                seen++;
            }
        }
        return last;
    }

    @Test
    void shouldAskJoinTriggersAgainWhenAGatewayThatWasTakenForDeadGoesOn() {
        try (TestEngine engine = TestEngine.start();
                EngineProcess gateway = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker worker = engine.worker("doors").serve("on-leave").serve("on-join")) {
            for (String type : List.of("join", "leave")) {
                worker.send("{\"type\":\"registertrigger\",\"id\":\"" + type + "\",\"trigger_type\":\"stream:" + type + "\","
                        + "\"function_id\":\"on-" + type + "\",\"config\":{}}");
            }
            worker.call("engine::registered-triggers::list", "{}");
            StreamPeer peer = StreamPeer.connect(port(gateway), "/");
            peer.join("plain", "s", "g", null);
            worker.answer(asked(worker, "on-join"), "{\"unauthorized\":false}");
            assertThat(peer.nextEvent()).isEqualTo("sync []");
            peer.joinWith("log", "s", "g", "\"from\":\"latest\",\"sync\":false");
            worker.answer(asked(worker, "on-join"), "{\"unauthorized\":false}");
            assertThat(peer.nextEvent()).isEqualTo("caught_up");

            gateway.freeze();
            worker.answer(asked(worker, "on-leave"), "null");
            worker.answer(asked(worker, "on-leave"), "null");
            worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":1}");
            gateway.thaw();

            List<String> refused = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                JsonNode join = asked(worker, "on-join");
                boolean plain = join.at("/data/subscription_id").textValue().equals("plain");
                worker.answer(join, "{\"unauthorized\":" + plain + "}");
                refused.add(join.at("/data/subscription_id").textValue());
            }
            assertThat(refused).containsExactlyInAnyOrder("plain", "log");
            List<String> heard = new ArrayList<>();
            JsonNode sync = null;
            while (!heard.contains("unauthorized") || sync == null) {
                JsonNode event = peer.next().get("event");
                heard.add(event.get("type").textValue());
                sync = heard.getLast().equals("sync") ? event : sync;
            }
            assertThat(sync.get("data").toString()).as("what was changed meanwhile").isEqualTo("[1]");
            worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"i\",\"data\":2}");
            while (!heard.contains("update")) {
                heard.add(peer.next().at("/event/type").textValue());
            }
        }
    }

    @Test
    void shouldShowNoMoreThanBeforeWhenTheJoinTriggerWentWithAGatewayThatWasTakenForDead() {
        try (TestEngine engine = TestEngine.start();
                EngineProcess gateway = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker door = RawWorker.connect(gateway.url()).announce("door").serve("on-join");
                RawWorker worker = engine.worker("leaves").serve("on-leave")) {
            door.send("{\"type\":\"registertrigger\",\"id\":\"join\",\"trigger_type\":\"stream:join\","
                    + "\"function_id\":\"on-join\",\"config\":{}}");
            door.call("engine::registered-triggers::list", "{}");
            worker.send("{\"type\":\"registertrigger\",\"id\":\"leave\",\"trigger_type\":\"stream:leave\","
                    + "\"function_id\":\"on-leave\",\"config\":{}}");
            worker.call("engine::registered-triggers::list", "{}");
            StreamPeer peer = StreamPeer.connect(port(gateway), "/");
            peer.join("1", "s", "g", null);
            door.answer(asked(door, "on-join"), "{\"unauthorized\":false,\"filter\":\"open == true\"}");
            assertThat(peer.nextEvent()).isEqualTo("sync []");

            gateway.freeze();
            worker.answer(asked(worker, "on-leave"), "null");
            gateway.thaw();

            assertThat(peer.nextEvent()).isEqualTo("sync []");
            for (boolean open : new boolean[] {false, true}) {
                worker.call("stream::set", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"item_id\":\"" + open
                        + "\",\"data\":{\"open\":" + open + "}}");
            }
            String event = peer.nextEvent();
            while (event.startsWith("sync")) { // anew, should it have missed something
                event = peer.nextEvent();
            }
            assertThat(event).isEqualTo("create {\"open\":true}");
        }
    }

    private static JsonNode asked(RawWorker worker, String function) {
        AtomicReference<JsonNode> call = new AtomicReference<>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(70))
                .ignoreExceptionsInstanceOf(AssertionError.class)
                .untilAsserted(() -> call.set(worker.next(frame -> function.equals(frame.path("function_id").asText())
                        && frame.path("type").asText().equals("invokefunction"))));
        return call.get();
    }

    private static int port(EngineProcess gateway) {
        Awaitility.await().until(() -> PORT.matcher(gateway.output()).find());
        Matcher found = PORT.matcher(gateway.output());
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
