package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.CronRig.EVERY_MINUTE;
import static io.iiikafka.topology.keeper.CronRig.EVERY_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.iiikafka.topology.keeper.cron.CronWatch;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules whose keeper dies, or whose triggers go, without Kafka, on a clock that the test moves. */
class CronOutageTest {

    private final Path directory;

    @AutoClose
    private CronRig rig;

    CronOutageTest(@TempDir Path directory) {
        this.directory = directory;
        rig = new CronRig(directory);
    }

    @Test
    void shouldMissTicksOfTheTimeWithoutATrigger() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"allow\"}");
        rig.passTo("2026-01-31T23:59:31.100Z");
        rig.unregister("w", "t");
        rig.passTo("2026-01-31T23:59:35.100Z");
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"allow\"}");
        rig.passTo("2026-01-31T23:59:36.100Z");
        assertThat(rig.ticks()).containsExactly("2026-01-31T23:59:31", "2026-01-31T23:59:36");
    }

    @Test
    void shouldNeitherMissNorDoubleATickOfAnHourThatIsHandedOver() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        rig.trigger("w", "t", EVERY_SECOND + "}");
        List<String> ticks = new ArrayList<>();
        long end = rig.nowMs + 3_600_000;
        while (rig.nowMs < end) {
            rig.pass(random.nextInt(500));
            for (RoutedCall call : rig.calls()) {
                ticks.add(CronRig.data(call).get("scheduled_time").asText());
                rig.succeed(call);
            }
            if (random.nextInt(200) == 0) {
                rig.handOver(random.nextInt(300));
            }
        }
        Instant expected = Instant.parse("2026-01-31T23:59:31Z");
        for (String tick : ticks) {
            assertThat(Instant.parse(tick.replace("+00:00", "Z"))).as("seed " + seed).isEqualTo(expected);
            expected = expected.plusSeconds(1);
        }
        assertThat(ticks).hasSizeGreaterThan(3_590);
    }

    @Test
    void shouldGoOnWhenTheKeeperMayHaveDiedBeforeItSentTheCall() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.calls()).hasSize(1);
        rig.handOver(1_000);
        rig.pass(61_000);
        assertThat(rig.ask("engine::cron::history", "{\"trigger_id\":\"t\"}")).contains("\"timeout\"", "died");
        rig.passTo("2026-02-01T00:02:00.100Z");
        assertThat(rig.ticks()).containsExactly("00:02:00");
    }

    @Test
    void shouldWaitForARunWhoseCallHadLeftWhenItsKeeperDied() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.passTo("2026-02-01T00:00:02Z");
        RoutedCall call = rig.calls().getFirst();
        rig.handOver(1_000);
        rig.passTo("2026-02-01T00:02:00.100Z");
        assertThat(rig.calls()).isEmpty();
        rig.succeed(call);
        rig.passTo("2026-02-01T00:03:00.100Z");
        assertThat(rig.ticks()).containsExactly("00:03:00");
    }

    @Test
    void shouldNotCountSchedulesOfAPartitionThatItHasNoMore() {
        List<Integer> counts = new ArrayList<>();
        CronWatch watch = new CronWatch() {
            @Override
            public void schedules(int partition, int count) {
                counts.add(count);
            }
        };
        rig.close();
        rig = new CronRig(directory.resolve("counted"), watch);
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        assertThat(counts.getLast()).isEqualTo(1);
        rig.handOver(1_000);
        assertThat(counts.getLast()).isZero();
        rig.pass(40);
        assertThat(counts.getLast()).isEqualTo(1);
    }

    @Test
    void shouldFireLateAfterAnOutageWithinTheGrace() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.passTo("2026-01-31T23:59:58Z");
        rig.handOver(9_000);
        rig.pass(40);
        assertThat(rig.ticks()).containsExactly("00:00:00");
    }

    @Test
    void shouldMissATickThatIsOlderThanTheGrace() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.passTo("2026-01-31T23:59:58Z");
        rig.handOver(13_000);
        rig.pass(40);
        assertThat(rig.calls()).isEmpty();
        rig.passTo("2026-02-01T00:01:00.100Z");
        assertThat(rig.ticks()).containsExactly("00:01:00");
    }

    @Test
    void shouldMakeUpForTheLastTickOrAllOfAnOutage() {
        rig.trigger("w", "last", "{\"expression\":\"0 * * * * *\",\"catch_up\":\"last\"}");
        rig.trigger("w", "all", "{\"expression\":\"0 */2 * * * *\",\"catch_up\":\"all\",\"overlap\":\"allow\"}");
        rig.trigger(
                "w",
                "window",
                "{\"expression\":\"30 * * * * *\",\"catch_up\":\"all\",\"overlap\":\"allow\",\"catch_up_window_ms\":60000}");
        rig.handOver(3_600_000);
        rig.pass(40);
        List<String> last = new ArrayList<>();
        List<String> all = new ArrayList<>();
        List<String> window = new ArrayList<>();
        for (RoutedCall call : rig.calls()) {
            switch (CronRig.data(call).get("job_id").asText()) {
                case "last" -> last.add(CronRig.tick(call));
                case "all" -> all.add(CronRig.tick(call));
                default -> window.add(CronRig.tick(call));
            }
        }
        assertThat(last).containsExactly("00:59:00");
        assertThat(all).hasSize(30).startsWith("00:00:00", "00:02:00").endsWith("00:58:00");
        assertThat(window).containsExactly("00:59:30");
    }

    @Test
    void shouldRepeatATickThatItsKeeperMayNotHaveSentWhenItMayBeRepeated() {
        rig.trigger("w", "t", "{\"expression\":\"0 0 * * * *\",\"retry\":{\"max_attempts\":2,\"backoff_ms\":100}}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        RoutedCall lost = rig.calls().getFirst();
        rig.handOver(1_000);
        rig.pass(61_000);
        List<RoutedCall> again = rig.calls();
        assertThat(again).extracting(CronRig::tick).containsExactly("00:00:00");
        assertThat(again.getFirst().call().invocationId()).isNotEqualTo(lost.call().invocationId());
        rig.succeed(again.getFirst());
        assertThat(rig.ask("engine::cron::list", "{}")).contains("\"runs\":1,\"failures\":0");
    }
}
