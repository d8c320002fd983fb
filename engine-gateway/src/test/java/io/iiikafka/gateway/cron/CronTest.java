package io.iiikafka.gateway.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The acceptance list of spec: cron.md 15, over sockets. */
class CronTest {

    private static final String EVERY_SECOND = "{\"expression\":\"* * * * * *\"}";

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static Instant time(JsonNode data, String name) {
        return Instant.parse(data.get(name).textValue().replace("+00:00", "Z"));
    }

    /** The next call of the function, answered. */
    private static JsonNode run(RawWorker worker, String function) {
        JsonNode call = worker.nextCallOf(function);
        worker.answer(call, "null");
        return call.get("data");
    }

    @Test
    void shouldFireEverySecondWithExactlyFourKeys() {
        try (RawWorker worker = engine.worker("every-second").serve("every::second")) {
            worker.trigger("every-1", "cron", "every::second", EVERY_SECOND, ",\"metadata\":{\"task\":\"x\"}");
            Instant before = null;
            int followed = 0;
            for (int i = 0; i < 5; i++) {
                JsonNode call = worker.nextCallOf("every::second");
                worker.answer(call, "null");
                JsonNode data = call.get("data");
                assertThat(data.fieldNames()).toIterable()
                        .containsExactlyInAnyOrder("trigger", "job_id", "scheduled_time", "actual_time");
                assertThat(data.get("trigger").textValue()).isEqualTo("cron");
                assertThat(data.get("job_id").textValue()).isEqualTo("every-1");
                assertThat(data.get("scheduled_time").textValue()).matches(".{10}T.{8}\\+00:00");
                assertThat(time(data, "actual_time")).isAfterOrEqualTo(time(data, "scheduled_time"));
                assertThat(call.get("metadata").get("task").textValue()).isEqualTo("x");
                if (before != null) {
                    assertThat(time(data, "scheduled_time")).isAfter(before); // a tick that a stall misses is left out
                    followed += time(data, "scheduled_time").equals(before.plusSeconds(1)) ? 1 : 0;
                }
                before = time(data, "scheduled_time");
            }
            assertThat(followed).isPositive();
        }
    }

    @Test
    void shouldFireSoonAfterTheTick() {
        try (RawWorker worker = engine.worker("soon").serve("soon::f")) {
            worker.trigger("soon", "cron", "soon::f", "{\"every_ms\":200}", "");
            List<Long> late = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                JsonNode data = run(worker, "soon::f");
                late.add(Duration.between(time(data, "scheduled_time"), Instant.now()).toMillis());
            }
            late.sort(null);
            assertThat(late.getFirst()).isNotNegative();
            assertThat(late.get(10)).as("median of %s", late).isLessThan(100);
        }
    }

    @Test
    void shouldRunOneAtATimeAndNotPileUp() {
        try (RawWorker worker = engine.worker("slow").serve("slow::f")) {
            worker.trigger("slow", "cron", "slow::f", EVERY_SECOND, "");
            JsonNode first = worker.nextCallOf("slow::f");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(2_500))).isTrue();
            worker.answer(first, "null");
            JsonNode second = run(worker, "slow::f");
            assertThat(time(second, "scheduled_time"))
                    .isAfter(time(first.get("data"), "scheduled_time").plusSeconds(2));
            JsonNode third = run(worker, "slow::f");
            assertThat(time(third, "scheduled_time"))
                    .isAfterOrEqualTo(time(second, "scheduled_time").plusSeconds(1));
        }
    }

    @Test
    void shouldGoOnAfterAnError() {
        try (RawWorker worker = engine.worker("thrower").serve("thrower::f")) {
            worker.trigger("thrower", "cron", "thrower::f", EVERY_SECOND, "");
            worker.fail(worker.nextCallOf("thrower::f"), "boom");
            run(worker, "thrower::f");
        }
    }

    @Test
    void shouldAskTheConditionFirst() {
        try (RawWorker worker = engine.worker("conditions").serve("may").serve("conditions::f")) {
            worker.trigger(
                    "conditions",
                    "cron",
                    "conditions::f",
                    "{\"expression\":\"* * * * * *\",\"condition_function_id\":\"may\"}",
                    "");
            JsonNode asked = worker.nextCallOf("may");
            assertThat(asked.get("data").get("job_id").textValue()).isEqualTo("conditions");
            assertThat(asked.hasNonNull("metadata")).isFalse();
            worker.answer(asked, "false");
            worker.fail(worker.called("may"), "boom"); // the next call of all: the function was not called
            worker.answer(worker.called("may"), "null");
            worker.answer(worker.called("conditions::f"), "null");
        }
    }

    @Test
    void shouldNotCallWhenUnregisteredAndBeOneScheduleWhenRegisteredTwice() {
        try (RawWorker worker = engine.worker("twice").serve("twice::f")) {
            worker.trigger("twice", "cron", "twice::f", EVERY_SECOND, "");
            run(worker, "twice::f");
            worker.trigger("twice", "cron", "twice::f", EVERY_SECOND, "");
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(100))).isTrue();
            JsonNode one = run(worker, "twice::f");
            JsonNode two = run(worker, "twice::f");
            assertThat(two.get("scheduled_time")).isNotEqualTo(one.get("scheduled_time"));
            worker.send("{\"type\":\"unregistertrigger\",\"id\":\"twice\",\"trigger_type\":\"cron\"}");
            worker.call("engine::registered-triggers::list", "{}");
            while (!worker.silentAbout("invokefunction", Duration.ofMillis(300))) {
                continue; // what was handed over before
            }
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(1_500))).isTrue();
        }
    }

    @Test
    void shouldGoOnWhenTheWorkerIsLostDuringARun() {
        String register = "{\"trigger_type\":\"cron\",\"function_id\":\"lost::f\",\"config\":" + EVERY_SECOND + "}";
        try (RawWorker other = engine.worker("lost-other")) {
            JsonNode made = other.call("engine::register_trigger", register);
            try (RawWorker lost = engine.worker("lost").serve("lost::f")) {
                lost.nextCallOf("lost::f");
                lost.cut();
            }
            try (RawWorker next = engine.worker("lost").serve("lost::f")) {
                run(next, "lost::f");
            }
            other.call("engine::unregister_trigger", "{\"id\":" + made.at("/result/id") + "}");
            assertThat(other.call("engine::unregister_trigger", "{\"id\":" + made.at("/result/id") + "}").has("error"))
                    .isFalse();
        }
    }

    @Test
    void shouldLetARunEndThatBeganBeforeItsTriggerWasUnregistered() {
        try (RawWorker worker = engine.worker("begun").serve("begun::f")) {
            worker.trigger("begun", "cron", "begun::f", EVERY_SECOND, "");
            JsonNode begun = worker.nextCallOf("begun::f");
            worker.send("{\"type\":\"unregistertrigger\",\"id\":\"begun\",\"trigger_type\":\"cron\"}");
            worker.send("{\"type\":\"unregistertrigger\",\"id\":\"begun\",\"trigger_type\":\"cron\"}");
            worker.call("engine::registered-triggers::list", "{}");
            worker.answer(begun, "null");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(1_500))).isTrue();
            assertThat(worker.isOpen()).isTrue();
        }
    }

    @Test
    void shouldRefuseInvalidAndMissingExpressions() {
        try (RawWorker worker = engine.worker("invalid")) {
            worker.trigger("i1", "cron", "f", "{}", "");
            assertThat(refusal(worker)).isEqualTo("Cron expression is required");
            worker.trigger("i2", "cron", "f", "{\"expression\":\"\"}", "");
            assertThat(refusal(worker)).isEqualTo("Cron expression is required");
            worker.trigger("i3", "cron", "f", "{\"expression\":5}", "");
            assertThat(refusal(worker)).isEqualTo("Cron expression is required");
            worker.trigger("i4", "cron", "f", "{\"expression\":\"not a cron\"}", "");
            assertThat(refusal(worker)).startsWith("Invalid cron expression 'not a cron': ");
            JsonNode answer = worker.call(
                    "engine::register_trigger",
                    "{\"trigger_type\":\"cron\",\"function_id\":\"f\",\"config\":{\"expression\":\"60 * * * * *\"}}");
            assertThat(answer.get("error").get("code").textValue()).isEqualTo("trigger_registration_failed");
            assertThat(answer.get("error").get("message").textValue())
                    .startsWith("Invalid cron expression '60 * * * * *': second '60'");
        }
    }

    private static String refusal(RawWorker worker) {
        JsonNode error = worker.next("triggerregistrationresult").get("error");
        assertThat(error.get("code").textValue()).isEqualTo("trigger_registration_failed");
        return error.get("message").textValue();
    }

    @Test
    void shouldCallAFunctionThatCameAfterTheTriggerAndTakeOldKeys() {
        try (RawWorker worker = engine.worker("later")) {
            worker.trigger("later", "cron", "later::f", "{\"schedule\":\"* * * * * *\"}", "");
            worker.trigger("other", "cron", "later::g", "{\"cron\":\"* * * * * *\"}", "");
            Awaitility.await().until(() -> history(worker, "later").toString().contains("function_not_found"));
            worker.serve("later::f").serve("later::g");
            run(worker, "later::f");
            run(worker, "later::g");
        }
    }

    private static JsonNode history(RawWorker worker, String trigger) {
        return worker.call("engine::cron::history", "{\"trigger_id\":\"" + trigger + "\"}").path("result");
    }

    @Test
    void shouldRunInTheNamespaceOfTheTrigger() {
        try (RawWorker worker = engine.worker("spaces").serve("spaces::f");
                RawWorker other = engine.connect()) {
            other.announce("spaces-too", "\"namespace\":\"elsewhere\",\"runtime\":\"node\"");
            other.register("spaces::f");
            other.call("engine::functions::info", "{\"function_id\":\"spaces::f\",\"namespace\":\"elsewhere\"}");
            worker.trigger("spaces", "cron", "spaces::f", EVERY_SECOND, ",\"namespace\":\"elsewhere\"");
            run(other, "spaces::f");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(100))).isTrue();
        }
    }

    @Test
    void shouldAskTheConditionOfTheTriggersNamespaceAlsoWhenTheTickBecomesAJob() {
        try (RawWorker worker = engine.worker("job-spaces").serve("job-spaces::f").serve("job-spaces::may");
                RawWorker other = engine.connect()) {
            worker.call("queue::define", "{\"queue\":\"of-spaces\",\"config\":{}}");
            other.announce("job-spaces-too", "\"namespace\":\"elsewhere\",\"runtime\":\"node\"");
            other.register("job-spaces::f");
            other.register("job-spaces::may");
            other.call("engine::functions::info", "{\"function_id\":\"job-spaces::may\",\"namespace\":\"elsewhere\"}");
            worker.trigger(
                    "job-spaces",
                    "cron",
                    "job-spaces::f",
                    "{\"expression\":\"* * * * * *\",\"queue\":\"of-spaces\",\"condition_function_id\":\"job-spaces::may\"}",
                    ",\"namespace\":\"elsewhere\"");
            run(other, "job-spaces::may");
            run(other, "job-spaces::f");
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(100))).isTrue();
        }
    }

    @Test
    void shouldTellWhichRunWasCancelled() {
        try (RawWorker worker = engine.worker("cancelled").serve("cancelled::f").serve("cancelled::stop")) {
            worker.trigger(
                    "cancelled",
                    "cron",
                    "cancelled::f",
                    "{\"expression\":\"* * * * * *\",\"overlap\":\"cancel_running\",\"cancel_function_id\":\"cancelled::stop\"}",
                    "");
            JsonNode first = worker.nextCallOf("cancelled::f");
            JsonNode stop = worker.nextCallOf("cancelled::stop").get("data");
            assertThat(stop.get("invocation_id")).isEqualTo(first.get("invocation_id"));
            assertThat(stop.get("scheduled_time")).isEqualTo(first.at("/data/scheduled_time"));
            worker.trigger("cancelled", "cron", "cancelled::f", "{\"expression\":\"0 0 1 1 1 *\"}", "");
        }
    }

    @Test
    void shouldFireOnceForTwoReplicasUnlessToldOtherwise() {
        try (RawWorker one = engine.worker("replica").serve("replica::f");
                RawWorker two = engine.worker("replica").serve("replica::f")) {
            one.trigger("r1", "cron", "replica::f", EVERY_SECOND, "");
            two.trigger("r2", "cron", "replica::f", EVERY_SECOND, "");
            List<String> ticks = ticks(one, two, 3);
            assertThat(ticks).doesNotHaveDuplicates();
            String apart = "{\"expression\":\"* * * * * *\",\"dedupe\":\"trigger\"}";
            one.trigger("r1", "cron", "replica::f", apart, "");
            two.trigger("r2", "cron", "replica::f", apart, "");
            List<String> twice = ticks(one, two, 8);
            assertThat(twice.stream().distinct().count()).isLessThan(7);
        }
    }

    /** The ticks of so many calls, whichever of the two gets them. */
    private static List<String> ticks(RawWorker one, RawWorker two, int calls) {
        List<String> ticks = new ArrayList<>();
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
            for (RawWorker each : List.of(one, two)) {
                each.pollCall(Duration.ofMillis(5)).ifPresent(call -> {
                    each.answer(call, "null");
                    ticks.add(call.get("data").get("scheduled_time").textValue());
                });
            }
            return ticks.size() >= calls;
        });
        return ticks;
    }

    @Test
    void shouldTellWhatIsScheduledAndWhatWasRun() {
        try (RawWorker worker = engine.worker("told").serve("told::f")) {
            worker.trigger("told", "cron", "told::f", "{\"expression\":\"0 0 0 1 1 *\",\"timezone\":\"Europe/Paris\"}", "");
            JsonNode row = Awaitility.await().until(
                    () -> worker.call("engine::cron::list", "{\"function_id\":\"told::f\"}").get("result").path(0),
                    each -> each.hasNonNull("next_run"));
            assertThat(row.get("next_run").textValue()).endsWith("-12-31T23:00:00+00:00");
            assertThat(row.get("last_run").isNull()).isTrue();
            String id = worker.call("engine::cron::run_now", "{\"trigger_id\":\"told\"}")
                    .get("result")
                    .get("invocation_id")
                    .textValue();
            JsonNode call = worker.nextCallOf("told::f");
            assertThat(call.get("data").get("manual").booleanValue()).isTrue();
            assertThat(id).isNotBlank();
            worker.answer(call, "null");
            JsonNode entry = Awaitility.await().until(
                    () -> history(worker, "told").path(0), each -> each.hasNonNull("status"));
            assertThat(entry.get("status").textValue()).isEqualTo("completed");
            assertThat(worker.call("engine::cron::pause", "{\"trigger_id\":\"nobody\"}").get("error").get("code").textValue())
                    .isEqualTo("NOT_FOUND");
        }
    }

    @Test
    void shouldRemoveATriggerThatRunsOnce() {
        try (RawWorker worker = engine.worker("once").serve("once::f")) {
            worker.trigger("once", "cron", "once::f", "{\"expression\":\"* * * * * *\",\"once\":true}", "");
            run(worker, "once::f");
            Awaitility.await().until(() -> !worker.call("engine::registered-triggers::list", "{}")
                    .toString()
                    .contains("\"once\""));
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(1_200))).isTrue();
        }
    }

    @Test
    void shouldGoOnWithAFunctionPathTriggerAfterTheKeeperWasRestarted() {
        try (RawWorker worker = engine.worker("durable").serve("durable::f")) {
            String id = worker.call(
                            "engine::register_trigger",
                            "{\"trigger_type\":\"cron\",\"function_id\":\"durable::f\",\"config\":" + EVERY_SECOND
                                    + ",\"metadata\":{\"subscription_id\":\"s\"}}")
                    .get("result")
                    .get("id")
                    .textValue();
            run(worker, "durable::f");
            engine.restartKeeper(false);
            List<JsonNode> ticks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ticks.add(run(worker, "durable::f").get("scheduled_time"));
            }
            assertThat(ticks).doesNotHaveDuplicates();
            assertThat(worker.call("engine::unregister_trigger", "{\"id\":\"" + id + "\"}").get("result").toString())
                    .isEqualTo("{\"removed\":true}");
        }
    }

    @Test
    void shouldMakeAJobOfATickAndCountIt() {
        try (RawWorker worker = engine.worker("queued").serve("queued::f").serve("queued::may")) {
            worker.call("queue::define", "{\"queue\":\"of-ticks\",\"config\":{}}");
            worker.trigger(
                    "queued",
                    "cron",
                    "queued::f",
                    "{\"expression\":\"* * * * * *\",\"queue\":\"of-ticks\",\"once\":true,"
                            + "\"condition_function_id\":\"queued::may\",\"retry\":{\"max_attempts\":2}}",
                    "");
            run(worker, "queued::may");
            assertThat(run(worker, "queued::f").get("job_id").textValue()).isEqualTo("queued");
            Awaitility.await().until(() -> !worker.call("engine::registered-triggers::list", "{}")
                    .toString()
                    .contains("\"queued\""));
            assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(1_200))).isTrue();
        }
    }

    @Test
    void shouldTakeWhatAgentOsWrites() {
        try (RawWorker worker = engine.worker("pulse").serve("pulse::f")) {
            JsonNode answer = worker.call(
                    "engine::triggers::register",
                    "{\"type\":\"cron\",\"function\":\"pulse::f\","
                            + "\"config\":{\"schedule\":\"* * * * * *\",\"data\":{\"agent\":\"a\"}}}");
            assertThat(run(worker, "pulse::f").get("agent").textValue()).isEqualTo("a");
            worker.call("engine::unregister_trigger", "{\"id\":" + answer.get("result").get("id") + "}");
        }
    }
}
