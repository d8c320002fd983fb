package io.iiikafka.topology.keeper;

import static io.iiikafka.topology.keeper.TriggerRig.RETRY;
import static io.iiikafka.topology.keeper.TriggerRig.START;
import static io.iiikafka.topology.keeper.TriggerRig.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts, back-off, order and dead letters of deliveries (spec: state.md 12.6, stream.md 13.5), with a clock that stands. */
class TriggerGuaranteesTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
    }

    @Test
    void shouldRepeatAfterTheBackOffUntilTheFunctionSucceeds() {
        keeper.trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        keeper.set("k", 1);

        RoutedCall first = keeper.attempt();
        assertThat(first.call().reply()).isTrue();
        assertThat(first.call().metadata()).isEqualTo(RawJson.of("{\"m\":1}"));
        assertThat(data(first).at("/meta/attempt").intValue()).isEqualTo(1);
        keeper.fail(first);
        keeper.pass(999);
        keeper.silence();
        keeper.pass(1);
        RoutedCall second = keeper.attempt();
        assertThat(data(second).at("/meta/attempt").intValue()).isEqualTo(2);
        assertThat(data(second).at("/meta/event_id")).isEqualTo(data(first).at("/meta/event_id"));
        assertThat(data(second).at("/new_value").intValue()).isEqualTo(1);
        assertThat(second.call().invocationId()).isNotEqualTo(first.call().invocationId());
        keeper.fail(second);
        keeper.pass(1_999);
        keeper.silence();
        keeper.pass(1);
        keeper.succeed(keeper.attempt());

        keeper.pass(3_600_000);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldNotCutTheBackOffShortWhenTheClockOfAGatewayIsAhead() {
        keeper.trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        keeper.set("k", 1);
        keeper.fail(keeper.attempt());
        keeper.catchUp(-60_000, () -> keeper.run(LookAround.ID, "{}"));
        keeper.silence();
        keeper.pass(1_000);
        keeper.succeed(keeper.attempt());
    }

    @Test
    void shouldTellTheDeadLetterFunctionOnceAttemptsRunOut() {
        keeper.serve("dead");
        keeper.trigger(
                "state",
                "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"max_attempts\":2,\"backoff_ms\":10},"
                        + "\"dead_letter_function_id\":\"dead\"}");
        keeper.set("k", 7);
        keeper.fail(keeper.attempt());
        keeper.pass(20);
        keeper.fail(keeper.attempt());

        RoutedCall dead = keeper.attempt();
        assertThat(dead.call().functionId()).isEqualTo("dead");
        assertThat(data(dead).at("/event/new_value").intValue()).isEqualTo(7);
        assertThat(data(dead).at("/error/code").textValue()).isEqualTo("boom");
        assertThat(data(dead).at("/attempts").intValue()).isEqualTo(2);
        keeper.succeed(dead);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldHoldBackTheSameKeyOnlyWhileOneOfItIsRepeated() {
        keeper.trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        keeper.set("a", 1);
        keeper.set("a", 2);
        keeper.set("b", 3);

        RoutedCall first = keeper.attempt();
        assertThat(data(first).at("/new_value").intValue()).isEqualTo(1);
        RoutedCall other = keeper.attempt();
        assertThat(data(other).at("/new_value").intValue()).isEqualTo(3);
        keeper.silence();
        keeper.succeed(other);
        keeper.fail(first);
        keeper.silence();
        keeper.pass(1_000);
        RoutedCall again = keeper.attempt();
        assertThat(data(again).at("/new_value").intValue()).isEqualTo(1);
        keeper.silence();
        keeper.succeed(again);
        RoutedCall next = keeper.attempt();
        assertThat(data(next).at("/new_value").intValue()).isEqualTo(2);
        keeper.succeed(next);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldWaitForTheWholeScopeOrForNothingAsOrdered() {
        keeper.trigger("state", "{\"scope\":\"s\",\"ordering\":\"scope\"}");
        keeper.set("a", 1);
        keeper.set("b", 2);
        RoutedCall first = keeper.attempt();
        keeper.silence();
        keeper.fail(first); // at most once: it is not repeated
        RoutedCall second = keeper.attempt();
        assertThat(data(second).at("/new_value").intValue()).isEqualTo(2);
        keeper.succeed(second);

        keeper.trigger("state", "{\"scope\":\"s\",\"ordering\":\"none\"}");
        keeper.set("a", 3);
        keeper.set("a", 4);
        keeper.succeed(keeper.attempt());
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRunNoMoreAtOnceThanItMay() {
        keeper.trigger("state", "{\"scope\":\"s\",\"max_in_flight\":2}");
        for (int i = 0; i < 5; i++) {
            keeper.set("k" + i, i);
        }
        RoutedCall first = keeper.attempt();
        RoutedCall second = keeper.attempt();
        keeper.silence();
        keeper.succeed(second);
        assertThat(data(keeper.attempt()).at("/new_value").intValue()).isEqualTo(2);
        keeper.silence();
        keeper.succeed(first);
        assertThat(data(keeper.attempt()).at("/new_value").intValue()).isEqualTo(3);
        keeper.silence();
    }

    @Test
    void shouldNotCountAttemptsThatReachedNoWorker() {
        keeper.trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"max_attempts\":1}}");
        keeper.set("k", 1);
        for (int i = 0; i < 5; i++) {
            keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.FUNCTION_NOT_FOUND, "nobody"), "/router");
            keeper.silence();
            keeper.pass(10_000);
        }
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }

    @Test
    void shouldWaitForAWorkerThatIsAway() {
        keeper.trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        keeper.leave();
        keeper.set("k", 1);
        keeper.pass(60_000);
        keeper.silence();
        keeper.serve("f");
        keeper.pass(1_100);
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }

    @Test
    void shouldGiveUpWhatNobodyServesForADay() {
        keeper.serve("dead");
        keeper.trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"dead_letter_function_id\":\"dead\"}");
        keeper.leave();
        keeper.set("k", 1);
        keeper.pass(24 * 3_600_000 + 2_000);
        RoutedCall dead = keeper.attempt();
        assertThat(data(dead).at("/error/code").textValue()).isEqualTo("function_not_found");
        assertThat(data(dead).at("/attempts").intValue()).isZero();
    }

    @Test
    void shouldTakeSilenceForAFailureAndIgnoreTheLateAnswer() {
        keeper.trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"timeout_ms\":5000}}");
        keeper.set("k", 1);
        RoutedCall first = keeper.attempt();
        assertThat(first.call().deadlineMs()).isEqualTo(START + 5_000);
        keeper.pass(5_000);
        keeper.silence();
        keeper.pass(1_000);
        RoutedCall second = keeper.attempt();
        keeper.succeed(first);
        keeper.pass(5_000);
        keeper.pass(2_000);
        RoutedCall third = keeper.attempt();
        assertThat(third.call().invocationId()).isNotEqualTo(second.call().invocationId());
        keeper.succeed(third);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldLeaveOutACallThatIsLargerThanARecordMayBe() {
        keeper.trigger("stream", "{\"stream_name\":\"todos\",\"payload\":\"both\",\"include_meta\":true}");
        String long1 = "\"" + "x".repeat(TriggerRig.RECORD / 3) + "\"";
        for (String data : List.of("1", long1, long1.replace('x', 'y'), "2")) {
            keeper.run(
                    "stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":" + data + "}");
        }

        assertThat(keeper.attempt().call().data().toString()).contains("\"data\":1");
        assertThat(keeper.attempt().call().data().length()).isBetween(2 * long1.length(), TriggerRig.RECORD);
        assertThat(keeper.attempt().call().data().toString()).contains("\"data\":2");
    }

    @Test
    void shouldRepeatEventsOfStreamsToo() {
        keeper.trigger("stream", "{\"stream_name\":\"todos\"" + RETRY + "}");
        keeper.run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":1}");
        keeper.run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":2}");
        keeper.run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"b\",\"data\":3}");
        RoutedCall first = keeper.attempt();
        RoutedCall other = keeper.attempt();
        assertThat(data(other).at("/id").textValue()).isEqualTo("b");
        keeper.silence();
        keeper.fail(first);
        keeper.pass(1_000);
        RoutedCall again = keeper.attempt();
        assertThat(data(again).at("/event/data").intValue()).isEqualTo(1);
        assertThat(data(again).at("/meta/attempt").intValue()).isEqualTo(2);
        assertThat(data(again).at("/meta/event_id")).isEqualTo(data(first).at("/meta/event_id"));
        keeper.succeed(again);
        assertThat(data(keeper.attempt()).at("/event/data").intValue()).isEqualTo(2);
    }

    @Test
    void shouldGiveUpALargeBacklogBitByBit() {
        keeper.trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\"}");
        keeper.leave();
        for (int i = 0; i < 1_200; i++) {
            keeper.set("k" + i, i);
        }
        keeper.pass(24 * 3_600_000 + 2_000);
        keeper.pass(20);
        keeper.pass(20);
        keeper.nothingIsLeft();
        keeper.silence();
    }

    @Test
    void shouldLeaveTriggersWithoutGuaranteesAsTheyAre() {
        keeper.trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_most_once\"}");
        keeper.set("k", 1);
        RoutedCall call = keeper.attempt();
        assertThat(call.origin()).isNull();
        assertThat(call.call().reply()).isFalse();
        assertThat(keeper.stored()).isZero();
    }

    /** 12.6: the back-off is doubled, up to its limit. */
    @Test
    void shouldWaitNoLongerThanTheLongestBackOff() {
        keeper.trigger(
                "state",
                "{\"scope\":\"s\",\"include_meta\":true,\"delivery\":\"at_least_once\","
                        + "\"retry\":{\"max_attempts\":5,\"backoff_ms\":1000,\"max_backoff_ms\":1500}}");
        keeper.set("k", 1);
        for (int backOff : new int[] {1_000, 1_500, 1_500, 1_500}) {
            keeper.fail(keeper.attempt());
            keeper.pass(backOff - 1);
            keeper.silence();
            keeper.pass(1);
        }
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }
}
