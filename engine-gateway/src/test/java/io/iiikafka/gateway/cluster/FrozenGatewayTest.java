package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that stands still for longer than the others wait, and then goes on as if nothing had happened. */
class FrozenGatewayTest {

    private Vertx vertx;
    private TestEngine engine;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        engine = TestEngine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
        vertx.close();
    }

    /** Beside a replica, which would run once more what the frozen gateway goes on with; and a function without one. */
    @Test
    void shouldAnswerForAFrozenGatewayAndRunNothingTwiceWhenItThaws() throws Exception {
        TestEngine.TestGateway beside = engine.addGateway();
        try (EngineProcess frozen = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                EchoWorker alone = new EchoWorker(vertx, "alone", 3, List.of("frozen::echo"));
                EchoWorker here = new EchoWorker(vertx, "replica", 1, List.of("twin::echo"));
                EchoWorker there = new EchoWorker(vertx, "replica", 2, List.of("twin::echo"));
                RawWorker caller = engine.worker("caller")) {
            here.delay(30).connect(beside.port(), false);
            there.delay(30).keepConnected(frozen.port()).connect(frozen.port(), false);
            alone.delay(30).keepConnected(frozen.port()).connect(frozen.port(), false);
            engine.awaitServed("twin::echo", 2);
            engine.awaitServed("frozen::echo");
            SteadyCaller lonely = new SteadyCaller(caller, "frozen::echo", 100);
            SteadyCaller steady = new SteadyCaller(caller, "twin::echo", 200);
            steady.awaitSent(100);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> alone.runs().size() > 10); // some are answered

            frozen.freeze();
            lonely.awaitSent(lonely.sent() + 50);
            SteadyCaller.Outcomes answered = lonely.finish();
            steady.awaitSent(steady.sent() + 200);
            frozen.thaw();
            steady.awaitSent(steady.sent() + 600);
            SteadyCaller.Outcomes outcomes = steady.finish();

            assertThat(answered.kinds()).containsOnly("ok", "invocation_stopped");
            assertThat(outcomes.kinds()).containsOnly("ok", "invocation_stopped");
            assertThat(outcomes.succeeded()).isGreaterThan(1000);
            Map<String, Integer> runs = new HashMap<>(here.runs());
            there.runs().forEach((payload, times) -> runs.merge(payload, times, Integer::sum));
            assertThat(runs.values()).containsOnly(1);
            AtomicInteger attempts = new AtomicInteger();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(SteadyCaller.error(
                                    caller.call("frozen::echo", "\"after " + attempts.incrementAndGet() + "\"")))
                            .isEmpty());
            assertThat(alone.runs().values()).containsOnly(1);
            try (RawWorker thawed = RawWorker.connect(frozen.url()).announce("thawed")) {
                assertThat(SteadyCaller.error(thawed.call("frozen::echo", "\"from the thawed\""))).isEmpty();
            }
        }
    }
}
