package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways as processes that die and restart; callers sit on a gateway that stays. */
class GatewayProcessesTest {

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
        return EngineProcess.launch(engine.topics().prefix(), port, "gateway,router");
    }

    @Test
    void shouldAnswerEveryCallAndRunNoneTwiceWhenAGatewayIsKilled() throws Exception {
        try (EngineProcess doomed = process(0);
                EngineProcess other = process(0);
                EchoWorker worker = new EchoWorker(vertx, "mover", 1, List.of("slow::echo")).delay(30);
                RawWorker caller = engine.worker("caller")) {
            doomed.awaitReady();
            other.awaitReady();
            worker.keepConnected(doomed.port(), other.port()).connect(doomed.port(), false);
            engine.awaitServed("slow::echo");
            assertThat(SteadyCaller.error(caller.call("slow::echo", "\"warm-up\""))).isEmpty();
            SteadyCaller steady = new SteadyCaller(caller, "slow::echo", 300);
            steady.awaitSent(300);

            doomed.kill();
            steady.awaitSent(steady.sent() + 600);
            SteadyCaller.Outcomes outcomes = steady.finish();

            assertThat(outcomes.kinds()).containsOnly("ok", "invocation_stopped");
            assertThat(outcomes.succeeded()).isGreaterThan(300);
            assertThat(worker.runs().entrySet()).allMatch(run -> run.getValue() == 1);
            assertThat(SteadyCaller.error(caller.call("slow::echo", "\"after\""))).isEmpty();
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
            one.awaitReady();
            two.awaitReady();
            first.delay(5).keepConnected(ports[1], ports[0]).connect(ports[0], false);
            second.delay(5).keepConnected(ports).connect(ports[1], false);
            alone.delay(5).keepConnected(ports[1], ports[0]).connect(ports[0], false);
            engine.awaitServed("alone::echo");
            engine.awaitServed("rolled::echo", 2);
            assertThat(SteadyCaller.error(caller.call("alone::echo", "\"warm-up\""))).isEmpty();
            SteadyCaller replicated = new SteadyCaller(caller, "rolled::echo", 200);
            SteadyCaller single = new SteadyCaller(other, "alone::echo", 100);
            replicated.awaitSent(200);

            for (int i = 0; i < 2; i++) {
                EngineProcess old = i == 0 ? one : two;
                old.stop();
                EngineProcess next = process(old.port()).awaitReady();
                if (i == 0) {
                    one = next;
                } else {
                    two = next;
                }
                replicated.awaitSent(replicated.sent() + 100);
            }

            assertThat(replicated.finish().failed()).as("%s\n%s", one.output(), two.output()).isEmpty();
            assertThat(single.finish().failed()).isEmpty();
            List<EchoWorker> workers = new ArrayList<>(List.of(first, second, alone));
            assertThat(workers).allSatisfy(worker -> assertThat(worker.runs().values()).containsOnly(1));
        } finally {
            one.close();
            two.close();
        }
    }
}
