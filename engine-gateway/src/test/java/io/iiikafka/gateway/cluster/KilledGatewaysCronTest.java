package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestRun;
import org.junit.jupiter.api.Test;

/**
 * Schedules of one second on three processes, each gateway, router and keeper, of which one after the other is killed
 * (spec: cron.md 15.11, 15.15). Handlers are on each of them, and on a gateway that stays.
 */
class KilledGatewaysCronTest {

    private static final String ROLES = "gateway,router,keeper";
    private static final int PROCESSES = 3;
    private static final int SCHEDULES = 4;
    /** From a kill until all is as before: session time-out, the store rebuilt, another process started. */
    private static final Duration FAILOVER = Duration.ofSeconds(30);

    /** One call of a handler. */
    private record Run(Instant tick, Instant at) {}

    private final Map<String, List<Run>> runs = new TreeMap<>();
    private Instant registered = Instant.MAX;
    private final List<Instant> kills = new ArrayList<>();

    @Test
    void shouldFireNoTickTwiceAndMissNoneThatIsCaughtUpWithWhenGatewaysAreKilled() {
        long seed = TestRun.seed("schedules with kills");
        Random random = new Random(seed);
        EngineProcess[] processes = new EngineProcess[PROCESSES];
        RawWorker[] workers = new RawWorker[PROCESSES];
        try (TestEngine engine = TestEngine.start();
                RawWorker steady = engine.worker("steady").serve("once").serve("all")) {
            engine.stopRouter();
            engine.stopKeeper();
            for (int i = 0; i < PROCESSES; i++) {
                processes[i] = EngineProcess.launch(engine.topics().prefix(), 0, ROLES);
            }
            for (int i = 0; i < PROCESSES; i++) {
                workers[i] = worker(processes[i].awaitReady());
            }
            for (int i = 0; i < SCHEDULES; i++) {
                register(steady, "once", "");
                register(
                        steady,
                        "all",
                        ",\"catch_up\":\"all\",\"overlap\":\"allow\",\"timeout_ms\":3000,"
                                + "\"retry\":{\"max_attempts\":5,\"backoff_ms\":200}");
            }
            registered = Instant.now();
            handle(steady, workers, Duration.ofSeconds(3));
            for (int kill = 0; kill < TestRun.times(2, 40); kill++) {
                int which = random.nextInt(PROCESSES);
                processes[which].kill();
                kills.add(Instant.now());
                processes[which] = processes[which].successor(engine.topics().prefix(), ROLES);
                handle(steady, workers, Duration.ofMillis(7_000 + random.nextInt(3_000)));
                workers[which] = worker(processes[which].awaitReady());
            }
            handle(steady, workers, FAILOVER.dividedBy(3));
        } finally {
            for (EngineProcess each : processes) {
                if (each != null) {
                    each.close();
                }
            }
        }
        check();
    }

    private static RawWorker worker(EngineProcess process) {
        return RawWorker.connect(process.url()).announce("w" + process.port()).serve("once").serve("all");
    }

    /** A schedule that does not end with a connection. */
    private static void register(RawWorker worker, String function, String members) {
        JsonNode made = worker.call(
                "engine::register_trigger",
                "{\"trigger_type\":\"cron\",\"function_id\":\"" + function
                        + "\",\"config\":{\"expression\":\"* * * * * *\",\"dedupe\":\"trigger\"" + members + "}}");
        assertThat(made.hasNonNull("error")).as(made.toString()).isFalse();
    }

    private void handle(RawWorker steady, RawWorker[] workers, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            steady.pollCall(Duration.ofMillis(20)).ifPresent(call -> run(steady, call));
            for (RawWorker worker : workers) {
                if (worker.isOpen()) {
                    worker.pollCall(Duration.ZERO).ifPresent(call -> run(worker, call));
                }
            }
        }
    }

    private void run(RawWorker worker, JsonNode call) {
        JsonNode data = call.get("data");
        String schedule =
                call.get("function_id").textValue() + " " + data.get("job_id").textValue();
        Instant tick = Instant.parse(data.get("scheduled_time").textValue().replace("+00:00", "Z"));
        runs.computeIfAbsent(schedule, none -> new ArrayList<>()).add(new Run(tick, Instant.now()));
        try {
            worker.answer(call, "null");
        } catch (RuntimeException e) {
            // its gateway has just died
        }
    }

    private void check() {
        assertThat(runs).hasSize(2 * SCHEDULES);
        int missed = 0;
        int repeated = 0;
        for (Map.Entry<String, List<Run>> each : runs.entrySet()) {
            Map<Instant, Integer> times = new HashMap<>();
            each.getValue().forEach(run -> times.merge(run.tick(), 1, Integer::sum));
            // Those that came while the others were registered were not answered.
            Instant first = each.getValue().stream()
                    .map(Run::tick)
                    .filter(tick -> tick.isAfter(registered))
                    .min(Instant::compareTo)
                    .orElseThrow();
            Instant last = times.keySet().stream().max(Instant::compareTo).orElseThrow().minusSeconds(5);
            for (Instant tick = first; !tick.isAfter(last); tick = tick.plusSeconds(1)) {
                boolean excused = isNearAKill(tick);
                int count = times.getOrDefault(tick, 0);
                missed += count == 0 ? 1 : 0;
                repeated += Math.max(0, count - 1);
                if (each.getKey().startsWith("all")) {
                    assertThat(count).as("%s of %s, kills %s", tick, each.getKey(), kills).isPositive();
                    assertThat(count == 1 || excused).as("%s of %s %d times", tick, each.getKey(), count).isTrue();
                } else {
                    assertThat(count).as("%s of %s", tick, each.getKey()).isLessThanOrEqualTo(1);
                    assertThat(count == 1 || excused)
                            .as("%s of %s is missed, kills %s", tick, each.getKey(), kills)
                            .isTrue();
                }
            }
        }
        System.out.printf(
                "%d schedules, %d kills, %d ticks run: %d missed (none of those that are caught up with), %d repeated%n",
                runs.size(), kills.size(), runs.values().stream().mapToInt(List::size).sum(), missed, repeated);
    }

    private boolean isNearAKill(Instant tick) {
        return kills.stream()
                .anyMatch(kill -> tick.isAfter(kill.minusSeconds(4)) && tick.isBefore(kill.plus(FAILOVER)));
    }
}
