package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestRun;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Jobs of a standard queue, a FIFO queue and a durable topic, through two gateways, while workers, gateways and the
 * topology die by SIGKILL at random moments (spec: queue.md 6.6 to 6.8).
 */
class KilledJobsTest {

    private static final String TOPOLOGY = "router,keeper";
    private static final int HANDLERS = 4;

    /** Whether there is more than one round of kills. */
    private static final boolean GOES_ON = TestRun.times(0, 1) > 0;

    private static final List<Victim> VICTIMS =
            List.of(Victim.WORKER, Victim.GATEWAY, Victim.TOPOLOGY, Victim.WORKER);
    /** So many jobs are done between two deaths of the topology. */
    private static final int BETWEEN = 100;

    private enum Victim {
        WORKER,
        GATEWAY,
        TOPOLOGY
    }

    @Test
    void shouldHandleEveryAcknowledgedJobAndRepeatNoneWithoutCause() throws Exception {
        long seed = TestRun.seed("jobs with kills");
        for (int round = 0; round < TestRun.rounds(1, 5); round++) {
            run(seed + round, Integer.getInteger("iii.test.jobs", TestRun.times(1_000, 200_000)));
        }
    }

    private static void run(long seed, int jobs) throws Exception {
        Random random = new Random(seed);
        JobLedger ledger = new JobLedger();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<JobHandler> handlers = new ArrayList<>();
        try (TestEngine engine = gatewayAlone();
                Processes processes = new Processes(engine, ledger, threads);
                RawWorker observer = engine.worker("observer")) {
            processes.awaitReady();
            define(observer, JobLane.STANDARD, "");
            define(observer, JobLane.FIFO, ",\"type\":\"fifo\",\"message_group_field\":\"g\"");
            for (int i = 0; i < HANDLERS; i++) {
                handlers.add(new JobHandler(i, new Random(random.nextLong()), ledger, processes.ports()));
                threads.submit(handlers.getLast());
            }
            for (JobLane lane : JobLane.values()) {
                engine.awaitServed(lane.function(), HANDLERS);
            }
            long begun = System.nanoTime();
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<?>> producers = new ArrayList<>();
            for (int i = 0; i < TestRun.times(8, 32); i++) {
                producers.add(threads.submit(new JobProducer(
                        i,
                        new Random(random.nextLong()),
                        ledger,
                        TestRun.times(16, 0),
                        enough::get,
                        processes.ports())));
            }

            Map<Victim, Integer> kills = killUntil(jobs, ledger, random, processes, handlers);
            enough.set(true);
            for (Future<?> producer : producers) {
                producer.get();
            }
            long produced = System.nanoTime();
            awaitAllDone(observer, ledger);

            System.out.printf(
                    "seed %d: %d jobs in %d s, done %d s later, kills %s: %d acknowledged, not so %s%n",
                    seed,
                    ledger.numbers(),
                    Duration.ofNanos(produced - begun).toSeconds(),
                    Duration.ofNanos(System.nanoTime() - produced).toSeconds(),
                    kills,
                    ledger.acknowledged(),
                    ledger.reasons());
            ledger.assertOrderOfGroups();
            for (JobLane lane : JobLane.values()) {
                ledger.assertDead(lane, deadLetters(observer, lane));
            }
            System.out.printf("seed %d: repeated deliveries %s%n", seed, ledger.assertRepeatsAreExplained());
            assertThat(kills).containsKeys(Victim.values());
            assertThat(ledger.acknowledged()).isGreaterThan(ledger.numbers() * 9 / 10);
        } finally {
            handlers.forEach(JobHandler::close);
            threads.shutdownNow();
        }
    }

    private static TestEngine gatewayAlone() {
        TestEngine engine = TestEngine.start();
        engine.stopRouter();
        engine.stopKeeper();
        return engine;
    }

    private static void define(RawWorker observer, JobLane lane, String members) {
        JsonNode result = observer.call(
                "queue::define",
                "{\"queue\":\"" + lane.queue() + "\",\"config\":{\"concurrency\":20,\"backoff_ms\":20,\"max_attempts\":"
                        + JobLane.ATTEMPTS + ",\"max_worker_losses\":1000" + members + "}}");
        assertThat(result.hasNonNull("error")).as(result.toString()).isFalse();
    }

    /** Kills of all kinds, in rounds of random order, until there are so many jobs. */
    private static Map<Victim, Integer> killUntil(
            int jobs, JobLedger ledger, Random random, Processes processes, List<JobHandler> handlers)
            throws Exception {
        Map<Victim, Integer> kills = new TreeMap<>();
        do {
            List<Victim> victims = new ArrayList<>(VICTIMS);
            Collections.shuffle(victims, random);
            for (Victim victim : victims) {
                Thread.sleep(random.nextInt(TestRun.times(2_000, 8_000)));
                switch (victim) {
                    case WORKER -> handlers.get(random.nextInt(HANDLERS)).kill();
                    case GATEWAY -> processes.killGateway(random.nextInt(2));
                    case TOPOLOGY -> processes.killTopology(random.nextInt(3) > 0);
                }
                kills.merge(victim, 1, Integer::sum);
            }
        } while (GOES_ON && ledger.numbers() < jobs);
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> ledger.numbers() >= jobs);
        processes.awaitBack();
        return kills;
    }

    private static void awaitAllDone(RawWorker observer, JobLedger ledger) {
        // Handlers have seen a job before its queue has: both must be through.
        Awaitility.await()
                .atMost(Duration.ofSeconds(TestRun.times(60, 300)))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    for (JobLane lane : JobLane.values()) {
                        assertThat(stats(observer, lane))
                                .as("%s; %s", lane, ledger.missing())
                                .contains("\"depth\":0", "\"delayed\":0");
                    }
                    assertThat(ledger.missing()).isEmpty();
                });
    }

    private static String stats(RawWorker observer, JobLane lane) {
        return observer.call("engine::queue::topic_stats", "{\"topic\":\"" + lane.queue() + "\"}")
                .path("result")
                .toString();
    }

    private static List<Integer> deadLetters(RawWorker observer, JobLane lane) {
        JsonNode letters = observer.call(
                        "engine::queue::dlq_messages", "{\"topic\":\"" + lane.queue() + "\",\"limit\":10000}")
                .path("result");
        return StreamSupport.stream(letters.spliterator(), false)
                .map(letter -> letter.at("/payload/n").intValue())
                .toList();
    }

    /** Two gateways, and the topology in a process of its own; who is killed is replaced at once. */
    private static final class Processes implements AutoCloseable {

        private final String prefix;
        private final JobLedger ledger;
        private final EngineProcess[] gateways = new EngineProcess[2];
        private final ExecutorService threads;
        private EngineProcess topology;
        private int doneBefore;
        private Future<?> back = CompletableFuture.completedFuture(null);

        Processes(TestEngine engine, JobLedger ledger, ExecutorService threads) {
            this.threads = threads;
            this.prefix = engine.topics().prefix();
            this.ledger = ledger;
            this.topology = EngineProcess.launch(prefix, 0, TOPOLOGY);
            for (int i = 0; i < gateways.length; i++) {
                gateways[i] = EngineProcess.launch(prefix, 0, "gateway");
            }
        }

        void awaitReady() {
            topology.awaitReady();
            for (EngineProcess gateway : gateways) {
                gateway.awaitReady();
            }
        }

        int[] ports() {
            return new int[] {gateways[0].port(), gateways[1].port()};
        }

        void killGateway(int which) {
            gateways[which].awaitReady().kill();
            gateways[which] = gateways[which].successor(prefix, "gateway");
        }

        /** The next has the files of the one that was killed, or none. */
        void killTopology(boolean keepingItsFiles) throws Exception {
            back.get();
            Awaitility.await("jobs are done again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ledger.doneSoFar() >= doneBefore + BETWEEN);
            doneBefore = ledger.doneSoFar();
            long began = System.nanoTime();
            topology.kill();
            EngineProcess next = keepingItsFiles
                    ? topology.successor(prefix, TOPOLOGY)
                    : EngineProcess.launch(prefix, topology.port(), TOPOLOGY);
            topology = next;
            back = threads.submit(() -> {
                next.awaitReady();
                ledger.topologyWasDown(began);
                return null;
            });
        }

        void awaitBack() throws Exception {
            back.get();
            awaitReady();
        }

        @Override
        public void close() {
            topology.close();
            for (EngineProcess gateway : gateways) {
                gateway.close();
            }
        }
    }
}
