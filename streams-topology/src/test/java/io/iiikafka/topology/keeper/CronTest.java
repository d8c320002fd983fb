package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.CronRig.EVERY_MINUTE;
import static io.iiikafka.topology.keeper.CronRig.EVERY_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules without Kafka, on a clock that the test moves. */
class CronTest {

    @AutoClose
    private final CronRig rig;

    CronTest(@TempDir Path directory) {
        rig = new CronRig(directory);
    }

    @Test
    void shouldCallTheFunctionAtTheTick() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.pass(29_579);
        assertThat(rig.calls()).isEmpty();
        rig.pass(21);
        RoutedCall call = rig.calls().getFirst();
        JsonNode data = CronRig.data(call);
        assertThat(data.fieldNames()).toIterable().containsExactly("trigger", "job_id", "scheduled_time", "actual_time");
        assertThat(data.get("trigger").asText()).isEqualTo("cron");
        assertThat(data.get("job_id").asText()).isEqualTo("t");
        assertThat(data.get("scheduled_time").asText()).isEqualTo("2026-02-01T00:00:00+00:00");
        assertThat(data.get("actual_time").asText()).startsWith("2026-02-01T00:00:00.0").endsWith("+00:00");
        assertThat(call.call().functionId()).isEqualTo("f");
        assertThat(call.call().metadata()).hasToString("{\"m\":1}");
        assertThat(call.condition()).isNull();
    }

    @Test
    void shouldFireOnceWhenTwoReplicasAgree() {
        rig.worker("v", "w");
        rig.trigger("w", "one", EVERY_MINUTE + "}");
        rig.trigger("v", "two", EVERY_MINUTE + "}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).hasSize(1);
        assertThat(CronRig.data(calls.getFirst()).get("job_id").asText()).isEqualTo("one");
        rig.succeed(calls.getFirst());
        rig.remove("worker/w");
        rig.passTo("2026-02-01T00:01:00.100Z");
        assertThat(rig.calls()).hasSize(1);
    }

    @Test
    void shouldFireTwiceForEqualTriggersOfOneConnectionAndForThoseThatWantIt() {
        rig.worker("v", "w");
        rig.trigger("w", "one", EVERY_MINUTE + "}");
        rig.trigger("w", "two", EVERY_MINUTE + "}");
        rig.trigger("v", "three", EVERY_MINUTE + "}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.calls()).hasSize(2);
    }

    @Test
    void shouldFireForEachTriggerThatWantsIt() {
        rig.worker("v", "w");
        rig.trigger("w", "one", EVERY_MINUTE + ",\"dedupe\":\"trigger\"}");
        rig.trigger("v", "two", EVERY_MINUTE + ",\"dedupe\":\"trigger\"}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.calls()).hasSize(2);
    }

    @Test
    void shouldFireOnceForTriggersWithOneScheduleKey() {
        rig.worker("v", "other");
        rig.trigger("w", "one", EVERY_MINUTE + ",\"schedule_key\":\"k\"}");
        rig.trigger("v", "two", EVERY_MINUTE + ",\"schedule_key\":\"k\"}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.calls()).hasSize(1);
    }

    @Test
    void shouldNotFireWhenUnregistered() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        rig.unregister("w", "t");
        rig.passTo("2026-02-01T00:02:00.100Z");
        assertThat(rig.calls()).isEmpty();
    }

    @Test
    void shouldRunOnceAtATimeAndKeepToStartAndEnd() {
        rig.trigger("w", "at", "{\"at\":\"2026-02-01T01:00:00+01:00\"}");
        rig.trigger("w", "between", EVERY_SECOND
                + ",\"overlap\":\"allow\",\"start_at\":\"2026-02-01T00:00:03Z\",\"end_at\":\"2026-02-01T00:00:04Z\"}");
        rig.passTo("2026-02-01T00:00:10Z");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).extracting(CronRig::tick).containsExactly("00:00:00", "00:00:03", "00:00:04");
        calls.forEach(rig::succeed);
        assertThat(rig.calls()).extracting(each -> each.call().data().toString())
                .containsExactlyInAnyOrder("{\"id\":\"at\"}", "{\"id\":\"between\"}");
    }

    @Test
    void shouldPutTicksOffWithinTheJitter() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"jitter_ms\":30000}");
        List<Long> late = new ArrayList<>();
        for (int minute = 0; minute < 10; minute++) {
            rig.pass(60_000);
            for (RoutedCall call : rig.calls()) {
                JsonNode data = CronRig.data(call);
                late.add(ms(data.get("actual_time")) - ms(data.get("scheduled_time")));
                rig.succeed(call);
            }
        }
        assertThat(late).hasSizeBetween(9, 11).allMatch(each -> each >= 0 && each <= 30_040);
        assertThat(late.stream().distinct().count()).isGreaterThan(5);
    }

    private static long ms(JsonNode time) {
        return Instant.parse(time.asText().replace("+00:00", "Z")).toEpochMilli();
    }

    @Test
    void shouldFireInIntervals() {
        rig.trigger("w", "t", "{\"every_ms\":250,\"overlap\":\"allow\"}");
        rig.pass(1_000);
        assertThat(rig.ticks()).containsExactly(
                "2026-01-31T23:59:30.500",
                "2026-01-31T23:59:30.750",
                "2026-01-31T23:59:31",
                "2026-01-31T23:59:31.250");
        rig.unregister("w", "t");
        rig.trigger("w", "u", "{\"expression\":\"@every 1m30s\"}");
        rig.passTo("2026-02-01T00:01:31Z");
        assertThat(rig.ticks()).containsExactly("00:00:00");
    }

    @Test
    void shouldTellTheLocalTimeWhereAZoneIsSet() {
        rig.trigger("w", "t", "{\"expression\":\"0 0 1 * * *\",\"timezone\":\"Europe/Berlin\"}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(CronRig.data(rig.calls().getFirst()).get("scheduled_local").asText())
                .isEqualTo("2026-02-01T01:00:00+01:00");
    }

    @Test
    void shouldRunOnDemandPauseAndBackfill() {
        rig.trigger("w", "t", EVERY_MINUTE + "}");
        String answer = rig.ask("engine::cron::run_now", "{\"trigger_id\":\"t\"}");
        RoutedCall manual = rig.calls().getFirst();
        assertThat(answer).isEqualTo("{\"invocation_id\":\"" + manual.call().invocationId() + "\"}");
        assertThat(CronRig.data(manual).get("manual").asBoolean()).isTrue();
        rig.succeed(manual);
        assertThat(rig.ask("engine::cron::pause", "{\"trigger_id\":\"t\"}")).isEqualTo("{\"paused\":true}");
        rig.passTo("2026-02-01T00:01:00.100Z");
        assertThat(rig.calls()).isEmpty();
        rig.handOver(100);
        assertThat(rig.ask("engine::cron::list", "{\"function_id\":\"f\"}"))
                .contains("\"trigger_id\":\"t\"", "\"paused\":true", "\"runs\":1", "\"timezone\":\"UTC\"");
        assertThat(rig.ask("engine::cron::resume", "{\"trigger_id\":\"t\"}")).isEqualTo("{\"paused\":false}");
        rig.passTo("2026-02-01T00:02:00.100Z");
        rig.succeed(rig.calls().getFirst());
        assertThat(rig.ask(
                        "engine::cron::backfill",
                        "{\"trigger_id\":\"t\",\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:02:00Z\"}"))
                .isEqualTo("{\"fired\":3}");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).hasSize(1);
        rig.succeed(calls.getFirst());
        calls = rig.calls();
        assertThat(calls).extracting(CronRig::tick).containsExactly("2026-01-01T00:01:00");
    }

    @Test
    void shouldSayTheNextTicksOrWhatIsWrong() {
        assertThat(rig.ask(
                        "engine::cron::next",
                        "{\"expression\":\"0 0 9 * * Mon\",\"from\":\"2026-01-31T23:59:30.400Z\",\"count\":2}"))
                .startsWith("{\"ticks\":[\"2026-02-02T09:00:00+00:00\",\"2026-02-09T09:00:00+00:00\"]")
                .contains("\"day_of_week\":\"Mon\"");
        assertThat(rig.ask("engine::cron::next", "{\"expression\":\"0 0 24 * * *\"}"))
                .isEqualTo("INVALID_ARGUMENTS: Invalid cron expression '0 0 24 * * *': hour '24': values are from 0 to 23");
        assertThat(rig.ask("engine::cron::next", "{\"expression\":\"0 0 0 30 2 *\"}")).startsWith("{\"ticks\":[]");
    }

    @Test
    void shouldFollowAWorkerThatSaysItsNameLater() {
        rig.put(new CatalogEntry.Worker(
                "v", "g", "default", false, null, null, null, null, null, null, null, null, null, 0, "", "l"));
        rig.trigger("v", "one", EVERY_MINUTE + "}");
        rig.trigger("w", "two", EVERY_MINUTE + "}");
        rig.worker("v", "w");
        rig.nudge();
        rig.passTo("2026-02-01T00:00:00.100Z");
        assertThat(rig.calls()).hasSize(1);
    }

    @Test
    void shouldBeAtRestWithManyTriggersThatAreNotDue() {
        for (int i = 0; i < 2_000; i++) {
            rig.put(new CatalogEntry.Trigger(
                    "w", "t" + i, "cron", "f", "default", null, "default",
                    RawJson.of("{\"expression\":\"0 0 12 * * *\"}"), null));
        }
        rig.nudge();
        long begun = System.nanoTime();
        rig.pass(600_000);
        assertThat(rig.calls()).isEmpty();
        assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(3_000);
    }

    /** 12.1: {@code data} never overwrites what is cron's own. */
    @Test
    void shouldAddDataWithoutTouchingItsOwnMembers() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"data\":{\"agent\":\"a\",\"trigger\":\"x\",\"job_id\":1,\"scheduled_time\":2}}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        JsonNode data = CronRig.data(rig.calls().getFirst());
        assertThat(data).hasSize(5);
        assertThat(data.get("agent").asText()).isEqualTo("a");
        assertThat(data.get("trigger").asText()).isEqualTo("cron");
        assertThat(data.get("job_id").asText()).isEqualTo("t");
        assertThat(data.get("scheduled_time").asText()).isEqualTo("2026-02-01T00:00:00+00:00");
    }

    /** 12.1: with six fields 1 is Sunday, unless the trigger says otherwise; with five it is Monday, unless. */
    @Test
    void shouldNumberTheDaysOfTheWeekAsItIsTold() {
        rig.trigger("w", "six", "{\"expression\":\"0 0 0 * * 1\"}");
        rig.trigger("w", "six unix", "{\"expression\":\"0 0 0 * * 1\",\"dow_numbering\":\"unix\"}");
        rig.trigger("w", "five", "{\"expression\":\"0 0 * * 1\"}");
        rig.trigger("w", "five quartz", "{\"expression\":\"0 0 * * 1\",\"dow_numbering\":\"quartz\"}");
        rig.pass(100);
        assertThat(nextRun("six")).isEqualTo("2026-02-01T00:00:00+00:00");
        assertThat(nextRun("six unix")).isEqualTo("2026-02-02T00:00:00+00:00");
        assertThat(nextRun("five")).isEqualTo("2026-02-02T00:00:00+00:00");
        assertThat(nextRun("five quartz")).isEqualTo("2026-02-01T00:00:00+00:00");
    }

    private String nextRun(String trigger) {
        for (JsonNode row : RawJson.of(rig.ask("engine::cron::list", "{}")).toTree()) {
            if (row.path("trigger_id").asText().equals(trigger)) {
                return row.path("next_run").asText();
            }
        }
        return "none";
    }
}
