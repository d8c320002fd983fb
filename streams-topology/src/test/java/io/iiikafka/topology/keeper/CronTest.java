package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.cron.CronWatch;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.KeeperStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules without Kafka, on a clock that the test moves. */
class CronTest {

    private static final String EVERY_SECOND = "{\"expression\":\"* * * * * *\"";
    private static final String EVERY_MINUTE = "{\"expression\":\"0 * * * * *\"";

    @TempDir
    private Path directory;

    private CronRig rig;

    @BeforeEach
    void open() {
        rig = new CronRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
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
    void shouldLeaveOutTicksWhileARunIsNotAnswered() {
        rig.trigger("w", "t", EVERY_SECOND + "}");
        rig.passTo("2026-01-31T23:59:33.500Z");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).hasSize(1);
        rig.succeed(calls.getFirst());
        rig.passTo("2026-01-31T23:59:34.100Z");
        assertThat(rig.ticks()).containsExactly("2026-01-31T23:59:34");
    }

    @Test
    void shouldGoOnAfterAnErrorAndAfterATimeOut() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"timeout_ms\":1500}");
        rig.passTo("2026-01-31T23:59:31.100Z");
        rig.fail(rig.calls().getFirst());
        rig.passTo("2026-01-31T23:59:32.100Z");
        RoutedCall second = rig.calls().getFirst();
        rig.passTo("2026-01-31T23:59:33.900Z");
        assertThat(rig.calls()).isEmpty();
        rig.passTo("2026-01-31T23:59:34.100Z");
        assertThat(rig.calls()).hasSize(1);
        rig.succeed(second); // too late to count
        assertThat(rig.ask("engine::cron::history", "{\"trigger_id\":\"t\"}"))
                .contains("\"status\":\"timeout\"", "\"status\":\"failed\"", "no luck");
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
    void shouldLetOneOrAllTicksWait() {
        rig.trigger("w", "one", EVERY_SECOND + ",\"overlap\":\"queue_one\"}");
        rig.passTo("2026-01-31T23:59:34.100Z");
        RoutedCall first = rig.calls().getFirst();
        rig.succeed(first);
        assertThat(rig.ticks()).containsExactly("2026-01-31T23:59:32");
        rig.unregister("w", "one");
        rig.trigger("w", "all", EVERY_SECOND + ",\"overlap\":\"queue_all\",\"dedupe\":\"trigger\"}");
        rig.passTo("2026-01-31T23:59:37.100Z");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).hasSize(1);
        rig.succeed(calls.getFirst());
        calls = rig.calls();
        assertThat(calls).extracting(CronRig::tick).containsExactly("2026-01-31T23:59:36");
        rig.succeed(calls.getFirst());
        assertThat(rig.ticks()).containsExactly("2026-01-31T23:59:37");
    }

    @Test
    void shouldRunWhatWaitedWhenTheRunEndedWithItsWorker() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"queue_one\"}");
        rig.passTo("2026-01-31T23:59:32.100Z"); // one runs, one waits
        RoutedCall first = rig.calls().getFirst();
        rig.unregister("w", "t");
        rig.fail(first);
        rig.passTo("2026-01-31T23:59:40.100Z");
        assertThat(rig.calls()).isEmpty();
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"queue_one\"}");
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).extracting(CronRig::tick).containsExactly("2026-01-31T23:59:32");
        rig.succeed(calls.getFirst());
        rig.passTo("2026-01-31T23:59:41.100Z");
        assertThat(rig.ticks()).containsExactly("2026-01-31T23:59:41");
    }

    @Test
    void shouldRunBesideOrInsteadOfOthers() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"cancel_running\"}");
        rig.passTo("2026-01-31T23:59:33.100Z");
        assertThat(rig.ticks()).hasSize(3);
        assertThat(rig.ask("engine::cron::history", "{\"trigger_id\":\"t\"}")).contains("\"status\":\"cancelled\"");
        assertThat(rig.stored(KeeperStore.CRON)).filteredOn(each -> each.startsWith("run/")).hasSize(1);
    }

    @Test
    void shouldRemoveTheTriggerAfterItsLastRun() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"max_runs\":2}");
        rig.passTo("2026-01-31T23:59:31.100Z");
        rig.succeed(rig.calls().getFirst());
        rig.passTo("2026-01-31T23:59:32.100Z");
        rig.fail(rig.calls().getFirst());
        List<RoutedCall> calls = rig.calls();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().call().functionId()).isEqualTo("engine::unregister_trigger");
        assertThat(calls.getFirst().call().data()).hasToString("{\"id\":\"t\"}");
        rig.passTo("2026-01-31T23:59:36.100Z");
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
    void shouldRepeatAFailedRunWithinItsTick() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"retry\":{\"max_attempts\":3,\"backoff_ms\":1000}}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        RoutedCall first = rig.calls().getFirst();
        rig.fail(first);
        rig.pass(900);
        assertThat(rig.calls()).isEmpty();
        rig.pass(200);
        RoutedCall second = rig.calls().getFirst();
        assertThat(CronRig.tick(second)).isEqualTo("00:00:00");
        assertThat(second.call().invocationId()).isNotEqualTo(first.call().invocationId());
        rig.succeed(second);
        assertThat(rig.ask("engine::cron::list", "{}")).contains("\"runs\":1,\"failures\":0");
    }

    @Test
    void shouldCountATickThatItsConditionVetoedAsNoRun() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"_condition_path\":\"may\",\"max_runs\":1}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        RoutedCall call = rig.calls().getFirst();
        assertThat(call.condition()).isEqualTo("may");
        rig.answer(call, new Outcome.Success(RawJson.of("false")), "/gateways/g");
        rig.passTo("2026-02-01T00:01:00.100Z");
        assertThat(rig.ticks()).containsExactly("00:01:00");
    }

    @Test
    void shouldCountARunOfAFunctionOfTheEngineThatHasACondition() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"_condition_path\":\"may\",\"once\":true,\"queue\":\"q\"}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        rig.answer(rig.calls().getFirst(), Outcome.NO_VALUE, "/gateways/g");
        assertThat(rig.calls()).extracting(each -> each.call().functionId())
                .containsExactly("engine::unregister_trigger");
    }

    @Test
    void shouldEnqueueInsteadOfCalling() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"queue\":\"q\",\"data\":{\"a\":1,\"job_id\":\"x\"}}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        RoutedCall call = rig.calls().getFirst();
        assertThat(call.call().functionId()).isEqualTo("engine::queue::enqueue");
        JsonNode job = CronRig.data(call);
        assertThat(job.get("queue").asText()).isEqualTo("q");
        assertThat(job.get("function_id").asText()).isEqualTo("f");
        assertThat(job.get("messageReceiptId").asText()).isEqualTo(call.call().invocationId());
        assertThat(job.get("metadata")).hasToString("{\"m\":1}");
        assertThat(job.get("data").get("a").asInt()).isEqualTo(1);
        assertThat(job.get("data").get("job_id").asText()).isEqualTo("t");
    }

    @Test
    void shouldEnqueueTheSameJobAgainWhenItRepeatsTheRun() {
        rig.trigger("w", "t", EVERY_MINUTE + ",\"queue\":\"q\",\"retry\":{\"max_attempts\":2,\"backoff_ms\":100}}");
        rig.passTo("2026-02-01T00:00:00.100Z");
        RoutedCall first = rig.calls().getFirst();
        rig.fail(first);
        rig.pass(200);
        RoutedCall second = rig.calls().getFirst();
        assertThat(second.call().invocationId()).isNotEqualTo(first.call().invocationId());
        JsonNode job = CronRig.data(second);
        assertThat(job.get("messageReceiptId")).isEqualTo(CronRig.data(first).get("messageReceiptId"));
        assertThat(job.get("options").get("dedup_key")).isEqualTo(job.get("messageReceiptId"));
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
    void shouldKeepTheLastHundredRuns() {
        rig.trigger("w", "t", EVERY_SECOND + "}");
        for (int second = 0; second < 105; second++) {
            rig.pass(1_000);
            rig.calls().forEach(rig::succeed);
        }
        assertThat(rig.stored(KeeperStore.CRON_HISTORY)).hasSize(100);
        assertThat(rig.ask("engine::cron::history", "{\"trigger_id\":\"t\",\"limit\":2}"))
                .startsWith("[{\"scheduled_time\":\"2026-02-01T00:01:15+00:00\"");
        rig.unregister("w", "t");
        rig.leap(86_400_100L);
        rig.pass(40);
        assertThat(rig.stored(KeeperStore.CRON_HISTORY)).isEmpty();
        assertThat(rig.stored(KeeperStore.CRON)).containsExactly("number");
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
}
