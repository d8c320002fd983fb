package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.Test;

/** Schedules whose keeper is killed while ticks come: each tick fires once at most (spec: cron.md 15.11). */
class KilledCronTest {

    private static final String ROLES = "router,keeper";
    private static final int SCHEDULES = 6;
    private static final int KILLS = 3;
    /** Session time-out, and the time in which the store is rebuilt. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(60);

    @Test
    void shouldFireNoTickTwiceWhenKeepersAreKilled() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<List<Instant>> ticks = new ArrayList<>();
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("w").serve("f")) {
            for (int i = 0; i < SCHEDULES; i++) {
                ticks.add(new ArrayList<>());
                worker.trigger("t" + i, "cron", "f", "{\"expression\":\"* * * * * *\"}", "");
            }
            EngineProcess process = EngineProcess.start(engine.topics().prefix(), 0, ROLES);
            engine.stopKeeper();
            try {
                for (int kill = 0; kill <= KILLS; kill++) {
                    handle(worker, ticks, Duration.ofMillis(4_000 + random.nextInt(1_000)));
                    if (kill < KILLS) {
                        process.kill();
                        Instant killed = Instant.now();
                        process = process.successor(engine.topics().prefix(), ROLES);
                        handleUntilAllTickAfter(killed, worker, ticks);
                        process.awaitReady();
                    }
                }
            } finally {
                process.close();
            }
        }
        int gaps = 0;
        for (List<Instant> each : ticks) {
            assertThat(each).as("seed " + seed).doesNotHaveDuplicates().isSorted().hasSizeGreaterThan(10);
            for (int i = 1; i < each.size(); i++) {
                Duration between = Duration.between(each.get(i - 1), each.get(i));
                assertThat(between).isLessThan(LONGEST_GAP);
                gaps += between.compareTo(Duration.ofSeconds(2)) > 0 ? 1 : 0;
            }
        }
        assertThat(gaps).as("some were killed in the middle").isPositive();
    }

    private static void handleUntilAllTickAfter(Instant time, RawWorker worker, List<List<Instant>> ticks) {
        long end = System.nanoTime() + LONGEST_GAP.toNanos();
        while (System.nanoTime() < end && !allTickedAfter(time, ticks)) {
            handle(worker, ticks, Duration.ofMillis(500));
        }
        assertThat(allTickedAfter(time, ticks)).as("all tick after %s: %s", time, ticks).isTrue();
    }

    private static boolean allTickedAfter(Instant time, List<List<Instant>> ticks) {
        return ticks.stream().allMatch(each -> !each.isEmpty() && each.getLast().isAfter(time));
    }

    private static void handle(RawWorker worker, List<List<Instant>> ticks, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            worker.pollCall(Duration.ofMillis(100)).ifPresent(call -> {
                worker.answer(call, "null");
                JsonNode data = call.get("data");
                ticks.get(Integer.parseInt(data.get("job_id").textValue().substring(1)))
                        .add(Instant.parse(data.get("scheduled_time").textValue().replace("+00:00", "Z")));
            });
        }
    }
}
