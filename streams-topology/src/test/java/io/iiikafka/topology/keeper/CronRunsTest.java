package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.CronRig.EVERY_MINUTE;
import static io.iiikafka.topology.keeper.CronRig.EVERY_SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.KeeperStore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the runs of schedules, without Kafka, on a clock that the test moves. */
class CronRunsTest {

    @AutoClose
    private final CronRig rig;

    CronRunsTest(@TempDir Path directory) {
        rig = new CronRig(directory);
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
    void shouldTellTheFunctionThatIsNamedForItOfARunThatWasCancelled() {
        rig.trigger("w", "t", EVERY_SECOND + ",\"overlap\":\"cancel_running\",\"cancel_function_id\":\"stop\"}");
        rig.passTo("2026-01-31T23:59:31.100Z");
        RoutedCall first = rig.calls().getFirst();
        rig.passTo("2026-01-31T23:59:32.100Z");
        List<RoutedCall> calls = rig.calls();
        RoutedCall stop = calls.stream().filter(each -> each.call().functionId().equals("stop")).findFirst().orElseThrow();
        assertThat(stop.call().data()).hasToString("{\"trigger\":\"cron\",\"job_id\":\"t\",\"scheduled_time\":"
                + "\"2026-01-31T23:59:31+00:00\",\"invocation_id\":\"" + first.call().invocationId() + "\",\"cancelled\":true}");
        assertThat(calls).hasSize(2);
        rig.succeed(first); // too late to count
        assertThat(rig.ask("engine::cron::list", "{}")).contains("\"last_status\":\"cancelled\"");
    }
}
