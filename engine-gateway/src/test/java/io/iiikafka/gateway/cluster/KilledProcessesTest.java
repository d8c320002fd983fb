package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestRun;
import io.iiikafka.gateway.testing.TopicTable;
import io.iiikafka.topology.topics.KeeperStore;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two processes, each gateway, router and keeper, that die by SIGKILL at random moments while counters are counted up. */
class KilledProcessesTest {

    private static final int CALLERS = 32;

    @Test
    void shouldCountEveryAcknowledgedIncrementOnceAndReportEveryChange() throws Exception {
        long seed = TestRun.seed("increments with kills");
        for (int round = 0; round < TestRun.rounds(1, 5); round++) {
            run(seed + round, TestRun.times(4_000, 100_000));
        }
    }

    private static void run(long seed, int increments) throws Exception {
        Random random = new Random(seed);
        Vertx vertx = Vertx.vertx();
        try (TestEngine engine = TestEngine.start();
                Processes processes = new Processes(engine);
                EchoWorker handler = new EchoWorker(vertx, "handler", 1, List.of("counters::changed"));
                RawWorker observer = engine.worker("observer")) {
            processes.awaitReady();
            engine.stopRouter();
            engine.stopKeeper();
            handler.connect(engine.gateway().port(), false);
            engine.awaitServed("counters::changed");
            watch(observer);
            CounterLedger ledger = new CounterLedger();
            long begun = System.nanoTime();

            int kills = killDuring(processes, random, count(engine, processes, ledger, increments, random));

            Map<CounterLedger.Counter, Long> values = values(observer);
            ledger.assertCountedOnce(values);
            long changes = values.values().stream().mapToLong(Long::longValue).sum();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> CounterEvents.of(handler.runs().keySet()).changes() >= changes);
            CounterEvents.of(handler.runs().keySet()).assertOfAllWithOneIdEach(values);
            assertThat(committed(engine)).isEqualTo(values);
            long repeated = handler.runs().values().stream().filter(times -> times > 1).count();
            System.out.printf(
                    "seed %d: %d increments in %d s with %d kills: %d acknowledged, %s; %d changes, %d reported twice%n",
                    seed,
                    increments,
                    Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                    kills,
                    ledger.acknowledgedCalls(),
                    ledger.reasons(),
                    changes,
                    repeated);
            assertThat(kills).isPositive();
            assertThat(ledger.acknowledgedCalls()).isGreaterThan(increments * 9 / 10);
        } finally {
            vertx.close();
        }
    }

    /** Two processes of which one is killed now and then, to be replaced by another on its port. */
    private static final class Processes implements AutoCloseable {

        private static final String ROLES = "gateway,router,keeper";

        private final TestEngine engine;
        private final EngineProcess[] running = new EngineProcess[2];

        Processes(TestEngine engine) {
            this.engine = engine;
            running[0] = launch(0);
            running[1] = launch(0);
        }

        private EngineProcess launch(int port) {
            return EngineProcess.launch(engine.topics().prefix(), port, ROLES);
        }

        void awaitReady() {
            running[0].awaitReady();
            running[1].awaitReady();
        }

        /** The next has the directory of the one that was killed, or one of its own. */
        void killAndReplace(int which, boolean keepingItsFiles) {
            EngineProcess killed = running[which];
            killed.kill();
            running[which] = keepingItsFiles
                    ? killed.successor(engine.topics().prefix(), ROLES)
                    : launch(killed.port());
            running[which].awaitReady();
        }

        int port(int which) {
            return running[which].port();
        }

        @Override
        public void close() {
            running[0].close();
            running[1].close();
        }
    }

    private static void watch(RawWorker observer) {
        observer.send("{\"type\":\"registertrigger\",\"id\":\"watch\",\"trigger_type\":\"state\","
                + "\"function_id\":\"counters::changed\","
                + "\"config\":{\"scope_prefix\":\"counters-\",\"include_meta\":true}}");
        observer.call("engine::registered-triggers::list", "{}");
    }

    /** Half of the callers are on the gateway that stays. */
    private static List<Future<?>> count(
            TestEngine engine, Processes processes, CounterLedger ledger, int increments, Random random) {
        List<Future<?>> callers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            int[] ports = i % 2 == 0
                    ? new int[] {engine.gateway().port()}
                    : new int[] {processes.port(i / 2 % 2), processes.port((i / 2 + 1) % 2)};
            callers.add(threads.submit(
                    new Incrementer(increments / CALLERS, new Random(random.nextLong()), ledger, ports)));
        }
        threads.shutdown();
        return callers;
    }

    private static int killDuring(Processes processes, Random random, List<Future<?>> callers) throws Exception {
        int kills = 0;
        while (!callers.stream().allMatch(Future::isDone)) {
            Thread.sleep(500 + random.nextInt(TestRun.times(4_000, 20_000)));
            if (!callers.stream().allMatch(Future::isDone)) {
                processes.killAndReplace(random.nextInt(2), random.nextInt(3) > 0);
                kills++;
            }
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        return kills;
    }

    private static Map<CounterLedger.Counter, Long> values(RawWorker observer) {
        Map<CounterLedger.Counter, Long> values = new HashMap<>();
        for (int i = 0; i < CounterLedger.scopes(); i++) {
            String scope = CounterLedger.scope(i);
            String id = observer.start("state::list", "{\"scope\":\"" + scope + "\",\"include_keys\":true}");
            for (JsonNode row : observer.pollResult(id, Duration.ofSeconds(30)).orElseThrow().get("result")) {
                values.put(
                        new CounterLedger.Counter(scope, row.get("key").textValue()), row.get("value").longValue());
            }
        }
        return values;
    }

    /** As a consumer that reads the compacted topic from its start sees it. */
    private static Map<CounterLedger.Counter, Long> committed(TestEngine engine) {
        Map<CounterLedger.Counter, Long> values = new HashMap<>();
        TopicTable.read(engine.topics().changelog(KeeperStore.STATE)).forEach((key, value) -> {
            String[] scopeAndKey = key.split("/", 2);
            values.put(new CounterLedger.Counter(scopeAndKey[0], scopeAndKey[1]), Long.parseLong(value));
        });
        return values;
    }
}
