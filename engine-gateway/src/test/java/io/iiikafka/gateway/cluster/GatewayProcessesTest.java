package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways as processes that die and restart; callers sit on a gateway that stays. */
class GatewayProcessesTest {

    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    private static Vertx vertx;

    private TestEngine engine;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @BeforeEach
    void start() {
        engine = TestEngine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private EngineProcess process(int port) {
        return EngineProcess.start(engine.topics().prefix(), port);
    }

    /** Calls with a payload of its own each, at a steady pace, until told to stop. */
    private static final class SteadyCaller {
        private final RawWorker worker;
        private final String function;
        private final Map<String, String> payloads = Collections.synchronizedMap(new LinkedHashMap<>());
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;

        SteadyCaller(RawWorker worker, String function, int perSecond) {
            this.worker = worker;
            this.function = function;
            this.thread = Thread.ofPlatform().start(() -> run(perSecond));
        }

        private void run(int perSecond) {
            for (int i = 0; !stopped.get(); i++) {
                payloads.put(worker.start(function, Integer.toString(i)), Integer.toString(i));
                LockSupport.parkNanos(1_000_000_000L / perSecond);
            }
        }

        int sent() {
            return payloads.size();
        }

        /** Result or error code of every call, by payload. */
        Map<String, String> finish() throws InterruptedException {
            stopped.set(true);
            thread.join();
            Map<String, String> outcomes = new LinkedHashMap<>();
            long deadline = System.nanoTime() + ANSWERED_WITHIN.toNanos();
            payloads.forEach((id, payload) -> {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                Optional<JsonNode> result = worker.pollResult(id, left);
                outcomes.put(payload, result.map(SteadyCaller::describe).orElse("no answer"));
            });
            return outcomes;
        }

        private static String describe(JsonNode result) {
            return result.has("result") ? "ok" : result.path("error").path("code").asText();
        }
    }

    @Test
    void shouldAnswerEveryCallAndRunNoneTwiceWhenAGatewayIsKilled() throws Exception {
        try (EngineProcess doomed = process(0);
                EngineProcess other = process(0);
                EchoWorker worker = new EchoWorker(vertx, "mover", 1, List.of("slow::echo")).delay(30);
                RawWorker caller = engine.worker("caller")) {
            worker.keepConnected(doomed.port(), other.port()).connect(doomed.port(), false);
            engine.awaitServed("slow::echo");
            assertThat(error(caller.call("slow::echo", "\"warm-up\""))).isEmpty();
            SteadyCaller steady = new SteadyCaller(caller, "slow::echo", 300);
            awaitSent(steady, 300);

            doomed.kill();
            awaitSent(steady, steady.sent() + 600);
            Map<String, String> outcomes = steady.finish();

            assertThat(outcomes.values()).containsOnly("ok", "invocation_stopped");
            assertThat(outcomes.values().stream().filter("ok"::equals).count()).isGreaterThan(300);
            assertThat(worker.runs().entrySet()).allMatch(run -> run.getValue() == 1);
            assertThat(error(caller.call("slow::echo", "\"after\""))).isEmpty();
        }
    }

    @Test
    void shouldRollTwoGatewaysUnderLoadWithoutAFailedCall() throws Exception {
        EngineProcess one = process(0);
        EngineProcess two = process(0);
        int[] ports = {one.port(), two.port()};
        try (EchoWorker first = new EchoWorker(vertx, "replica", 1, List.of("rolled::echo"));
                EchoWorker second = new EchoWorker(vertx, "replica", 2, List.of("rolled::echo"));
                EchoWorker alone = new EchoWorker(vertx, "alone", 3, List.of("alone::echo"));
                RawWorker caller = engine.worker("caller");
                RawWorker other = engine.worker("other")) {
            first.delay(5).keepConnected(ports[1], ports[0]).connect(ports[0], false);
            second.delay(5).keepConnected(ports).connect(ports[1], false);
            alone.delay(5).keepConnected(ports[1], ports[0]).connect(ports[0], false);
            engine.awaitServed("alone::echo");
            engine.awaitServed("rolled::echo");
            assertThat(error(caller.call("alone::echo", "\"warm-up\""))).isEmpty();
            SteadyCaller replicated = new SteadyCaller(caller, "rolled::echo", 200);
            SteadyCaller single = new SteadyCaller(other, "alone::echo", 100);
            awaitSent(replicated, 200);

            for (int i = 0; i < 2; i++) {
                EngineProcess old = i == 0 ? one : two;
                old.stop();
                EngineProcess next = process(old.port());
                if (i == 0) {
                    one = next;
                } else {
                    two = next;
                }
                awaitSent(replicated, replicated.sent() + 100);
            }

            assertThat(failed(replicated)).as("%s\n%s", one.output(), two.output()).isEmpty();
            assertThat(failed(single)).isEmpty();
            List<EchoWorker> workers = new ArrayList<>(List.of(first, second, alone));
            assertThat(workers).allSatisfy(worker -> assertThat(worker.runs().values()).containsOnly(1));
        } finally {
            one.close();
            two.close();
        }
    }

    private static Map<String, String> failed(SteadyCaller caller) throws InterruptedException {
        Map<String, String> outcomes = caller.finish();
        outcomes.values().removeIf("ok"::equals);
        return outcomes;
    }

    /** What the caller was told, or nothing when the call succeeded. */
    private static String error(JsonNode result) {
        return result.has("result") ? "" : result.toString();
    }

    private static void awaitSent(SteadyCaller caller, int calls) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.sent() >= calls);
    }
}
