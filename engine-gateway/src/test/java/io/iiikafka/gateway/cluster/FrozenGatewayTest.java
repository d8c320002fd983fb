package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    @Test
    void shouldAnswerForAFrozenGatewayAndTakeItBackWhenItThaws() throws Exception {
        try (EngineProcess frozen = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                EchoWorker worker = new EchoWorker(vertx, "frozen", 1, List.of("frozen::echo"));
                RawWorker caller = engine.worker("caller")) {
            worker.delay(30).keepConnected(frozen.port()).connect(frozen.port(), false);
            engine.awaitServed("frozen::echo");
            SteadyCaller steady = new SteadyCaller(caller, "frozen::echo", 200);
            steady.awaitSent(100);

            frozen.freeze();
            steady.awaitSent(steady.sent() + 100);
            SteadyCaller.Outcomes outcomes = steady.finish();
            frozen.thaw();

            assertThat(outcomes.kinds()).containsOnly("ok", "invocation_stopped");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(SteadyCaller.error(caller.call("frozen::echo", "\"after\"")))
                            .isEmpty());
            assertThat(worker.runs().values()).allMatch(times -> times == 1);
            try (RawWorker thawed = RawWorker.connect(frozen.url()).announce("thawed")) {
                assertThat(SteadyCaller.error(thawed.call("frozen::echo", "\"from the thawed\""))).isEmpty();
            }
        }
    }

    @Test
    void shouldRunNoCallTwiceWhenAFrozenGatewayThawsBesideAReplica() throws Exception {
        TestEngine.TestGateway beside = engine.addGateway();
        try (EngineProcess frozen = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                EchoWorker here = new EchoWorker(vertx, "replica", 1, List.of("twin::echo"));
                EchoWorker there = new EchoWorker(vertx, "replica", 2, List.of("twin::echo"));
                RawWorker caller = engine.worker("caller")) {
            here.delay(30).connect(beside.port(), false);
            there.delay(30).keepConnected(frozen.port()).connect(frozen.port(), false);
            engine.awaitServed("twin::echo", 2);
            SteadyCaller steady = new SteadyCaller(caller, "twin::echo", 200);
            steady.awaitSent(100);

            frozen.freeze();
            steady.awaitSent(steady.sent() + 12 * 200);
            frozen.thaw();
            steady.awaitSent(steady.sent() + 600);
            SteadyCaller.Outcomes outcomes = steady.finish();

            assertThat(outcomes.kinds()).containsOnly("ok", "invocation_stopped");
            assertThat(outcomes.succeeded()).isGreaterThan(1000);
            Map<String, Integer> runs = new HashMap<>(here.runs());
            there.runs().forEach((payload, times) -> runs.merge(payload, times, Integer::sum));
            assertThat(runs).allSatisfy((payload, times) -> assertThat(times).isEqualTo(1));
        }
    }
}
