package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.CutProxy;
import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two replicas of 500 functions, cut off again and again while the engine's side of the old socket stays open for up to
 * five seconds, each time coming back on the same gateway or the other: after each cut the full set is callable.
 */
class RegistrationsNeverVanishTest {

    private static final int LANES = 8;
    private static final int CUTS_PER_LANE = 8;
    private static final int FUNCTIONS = 500;
    private static final int LONGEST_HOLD_MS = 5_000;
    private static final long SEED = Long.getLong("iii.seed", System.nanoTime());

    private static TestEngine engine;
    private static TestGateway a;
    private static TestGateway b;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        a = engine.gateway();
        b = engine.addGateway();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close();
        engine.close();
    }

    @Test
    void shouldKeepEveryFunctionCallableThroughSixtyFourCuts() throws Exception {
        List<Future<?>> lanes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int lane = 0; lane < LANES; lane++) {
                int number = lane;
                lanes.add(threads.submit(() -> lane(number)));
            }
            for (Future<?> lane : lanes) {
                lane.get();
            }
        }
    }

    private Void lane(int lane) throws Exception {
        Random random = new Random(SEED + lane);
        List<String> functions =
                IntStream.range(0, FUNCTIONS).mapToObj(i -> "lane" + lane + "::f" + i).toList();
        boolean knowsReattach = lane % 2 == 0;
        try (CutProxy proxy = new CutProxy(vertx, a.port());
                EchoWorker cut = new EchoWorker(vertx, "lane-" + lane, 1, functions);
                EchoWorker steady = new EchoWorker(vertx, "lane-" + lane, 2, functions);
                RawWorker caller = engine.worker(lane % 3 == 0 ? b : a, "caller-" + lane)) {
            cut.connect(proxy.port(), false);
            steady.connect(b.port(), false);
            assertAllCallable(caller, functions, "before the first cut");
            for (int i = 0; i < CUTS_PER_LANE; i++) {
                Duration hold = Duration.ofMillis(random.nextInt(LONGEST_HOLD_MS));
                proxy.cut(hold);
                proxy.target(random.nextBoolean() ? a.port() : b.port());
                // A gateway that is as busy as this one may take too long to see the handshake; SDKs try again, too.
                Awaitility.await()
                        .pollDelay(Duration.ZERO)
                        .atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(() -> {
                            cut.connect(proxy.port(), knowsReattach);
                            return true;
                        });
                assertAllCallable(caller, functions, "lane " + lane + ", cut " + i + ", held " + hold + ", seed " + SEED);
            }
            Awaitility.await().until(() -> functionsOf(caller, cut.id()) == FUNCTIONS);
            steady.leave();
            assertAllCallable(caller, functions, "after the other replica left");
        }
        return null;
    }

    private static int functionsOf(RawWorker asked, String workerId) {
        JsonNode rows = asked.call("engine::workers::list", "{\"worker_id\":\"" + workerId + "\"}");
        return rows.path("result").path("workers").path(0).path("function_count").asInt();
    }

    /** A call that was under way on the socket that was cut may be stopped; then it is made again, once. */
    private static void assertAllCallable(RawWorker caller, List<String> functions, String when) {
        List<String> left = call(caller, functions, when, true);
        assertThat(call(caller, left, when, false)).isEmpty();
    }

    private static List<String> call(RawWorker caller, List<String> functions, String when, boolean mayStop) {
        List<String> ids = functions.stream().map(f -> caller.start(f, "1")).toList();
        List<String> stopped = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            JsonNode result = caller.awaitResult(ids.get(i));
            String code = result.path("error").path("code").asText();
            if (mayStop && code.equals("invocation_stopped")) {
                stopped.add(functions.get(i));
            } else {
                assertThat(result.has("result")).as("%s: %s", when, result).isTrue();
            }
        }
        return stopped;
    }
}
