package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two routers in processes of their own, of which one fails. */
class RouterProcessesTest {

    /** Keys of both partitions of {@code invocations}, so that each router has some of the calls. */
    private static final List<String> FUNCTIONS = List.of("routed::a", "routed::b", "routed::c", "routed::d");

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
    void shouldRunEveryCallOnceWhenARouterIsKilled() throws Exception {
        try (EngineProcess doomed = router();
                EngineProcess staying = router();
                EchoWorker worker = worker(1, engine.gateway());
                RawWorker caller = engine.worker("caller")) {
            awaitServed(1);
            doomed.awaitReady();
            staying.awaitReady();
            engine.stopRouter();
            List<SteadyCaller> callers = callers(caller);
            awaitSent(callers, 100);
            doomed.kill();
            awaitSent(callers, 300);

            assertEachRunAtMostOnce(callers, Set.of("ok"), worker);
            assertThat(staying.output()).doesNotContain("ERROR");
        }
    }

    /**
     * The worker is elsewhere by then, so that calls that the thawed router sent once more would come to a gateway that has
     * not seen them before.
     */
    @Test
    void shouldRunEveryCallOnceWhenAFrozenRouterThaws() throws Exception {
        TestEngine.TestGateway other = engine.addGateway();
        try (EngineProcess frozen = router();
                EngineProcess staying = router();
                EchoWorker before = worker(1, engine.gateway());
                RawWorker caller = engine.worker("caller")) {
            awaitServed(1);
            frozen.awaitReady();
            staying.awaitReady();
            engine.stopRouter();
            List<SteadyCaller> callers = callers(caller);
            awaitSent(callers, 100);
            frozen.freeze();
            awaitSent(callers, 900);
            try (EchoWorker after = worker(2, other)) {
                awaitServed(2);
                before.leave();
                awaitServed(1);
                frozen.thaw();
                awaitSent(callers, 100);

                // The worker that left may have been running some.
                assertEachRunAtMostOnce(callers, Set.of("ok", "invocation_stopped"), before, after);
                assertThat(staying.output()).doesNotContain("ERROR");
            }
        }
    }

    private EngineProcess router() {
        return EngineProcess.launch(engine.topics().prefix(), 0, "router");
    }

    private EchoWorker worker(int pid, TestEngine.TestGateway gateway) throws Exception {
        EchoWorker worker = new EchoWorker(vertx, "worker", pid, FUNCTIONS);
        worker.connect(gateway.port(), false);
        return worker;
    }

    private void awaitServed(int workers) {
        FUNCTIONS.forEach(function -> engine.awaitServed(function, workers));
    }

    private static List<SteadyCaller> callers(RawWorker worker) {
        return FUNCTIONS.stream()
                .map(function -> new SteadyCaller(worker, function, 100, function + "-"))
                .toList();
    }

    private static void awaitSent(List<SteadyCaller> callers, int more) {
        List<Integer> wanted = callers.stream().map(each -> each.sent() + more).toList();
        for (int i = 0; i < callers.size(); i++) {
            callers.get(i).awaitSent(wanted.get(i));
        }
    }

    private static void assertEachRunAtMostOnce(
            List<SteadyCaller> callers, Set<String> outcomes, EchoWorker... workers) throws Exception {
        for (SteadyCaller each : callers) {
            assertThat(each.finish().kinds()).isSubsetOf(outcomes);
        }
        Map<String, Integer> runs = new HashMap<>();
        for (EchoWorker worker : workers) {
            worker.runs().forEach((payload, times) -> runs.merge(payload, times, Integer::sum));
        }
        runs.values().removeIf(times -> times == 1);
        assertThat(runs).as("run more than once").isEmpty();
    }
}
