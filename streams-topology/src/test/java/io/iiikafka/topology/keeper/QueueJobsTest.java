package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of named queues (spec: queue.md 4.10, 6, 12), with a clock that stands. */
class QueueJobsTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    private int receipts;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
    }

    private void define(String name, boolean fifo, String group, int concurrency, int maxAttempts) {
        keeper.put(new CatalogEntry.Queue(
                name,
                true,
                new QueueSettings(
                        fifo, group, concurrency, maxAttempts, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3,
                        List.of("non_retryable"), null, null, null, null, false, 0)));
    }

    private String enqueue(String queue, String function, String data) {
        return enqueue(queue, function, data, "");
    }

    private String enqueue(String queue, String function, String data, String more) {
        String receipt = "r" + ++receipts;
        JsonNode result = keeper.ask(
                "engine::queue::enqueue",
                "{\"queue\":\"" + queue + "\",\"function_id\":\"" + function + "\",\"data\":" + data
                        + ",\"messageReceiptId\":\"" + receipt + "\"" + more + "}");
        assertThat(result.path("messageReceiptId").asText()).as(result.toString()).isEqualTo(receipt);
        return receipt;
    }

    private static String text(RoutedCall attempt) {
        return attempt.call().data().toString();
    }

    @Test
    void shouldRunAJobOfTheDefaultQueueWithItsDataUnchanged() {
        enqueue("default", "f", "{\"n\":1.50}", ",\"metadata\":{\"who\":\"me\"},\"baggage\":\"a=b\"");

        RoutedCall attempt = keeper.attempt();
        assertThat(attempt.call().functionId()).isEqualTo("f");
        assertThat(text(attempt)).isEqualTo("{\"n\":1.50}");
        assertThat(attempt.call().metadata()).isEqualTo(RawJson.of("{\"who\":\"me\"}"));
        assertThat(attempt.call().baggage()).isEqualTo("a=b");
        keeper.succeed(attempt);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRefuseWhatItCannotKeep() {
        define("pay", true, "who.id", 2, 3);
        String job = "{\"queue\":\"%s\",\"function_id\":\"f\",\"data\":%s,\"messageReceiptId\":\"%s\"%s}";
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("x", "1", "r", "")).toString())
                .contains("enqueue_error", "queue 'x' is not defined; call queue::define before enqueueing");
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("", "1", "r", "")).toString())
                .contains("queue is required");
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("pay", "1", "", "")).toString())
                .contains("messageReceiptId is required");
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("pay", "{}", "r", "")).toString())
                .contains("requires field 'who.id' in data, but it was not found");
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("pay", "{\"who\":{\"id\":null}}", "r", ""))
                        .toString())
                .contains("field 'who.id' must not be null");
        assertThat(keeper.ask("engine::queue::enqueue", job.formatted("pay", "1", "r", ",\"x\":1")).toString())
                .contains("deserialization_error", "unknown field `x`");
        assertThat(keeper.ask("engine::queue::enqueue", "{\"queue\":\"pay\"}").toString())
                .contains("Failed to deserialize input for engine::queue::enqueue: missing field `function_id`");
        keeper.silence();
    }

    @Test
    void shouldRunNoMoreAtOnceThanTheQueueAllowsNowOldestFirst() {
        define("q", false, null, 2, 3);
        for (int i = 0; i < 5; i++) {
            enqueue("q", "f", "" + i);
        }
        RoutedCall first = keeper.attempt();
        RoutedCall second = keeper.attempt();
        keeper.silence();
        assertThat(List.of(text(first), text(second))).containsExactly("0", "1");
        keeper.fail(first);
        RoutedCall third = keeper.attempt();
        assertThat(text(third)).isEqualTo("2");
        keeper.pass(50);
        keeper.silence(); // both slots are taken
        keeper.succeed(second);
        assertThat(text(keeper.attempt())).as("what is repeated goes before what is new").isEqualTo("0");
        define("q", false, null, 4, 3);
        keeper.succeed(third);
        assertThat(List.of(text(keeper.attempt()), text(keeper.attempt()))).containsExactly("3", "4");
    }

    @Test
    void shouldBackOffByTheSettingsOfNowAndNotEarlier() {
        define("q", false, null, 2, 4);
        enqueue("q", "f", "1");
        for (long pause = 50; pause <= 200; pause *= 2) {
            keeper.fail(keeper.attempt());
            keeper.pass(pause - 1);
            keeper.silence();
            keeper.pass(20);
        }
        define("q", false, null, 2, 5); // judged when it fails
        keeper.fail(keeper.attempt());
        keeper.pass(420);
        keeper.fail(keeper.attempt());
        keeper.pass(3_600_000);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRunAGroupInOrderThroughFailuresAndOtherGroupsMeanwhile() {
        define("q", true, "g", 2, 3);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            enqueue("q", "f", "{\"g\":\"a\",\"n\":" + i + "}");
        }
        enqueue("q", "f", "{\"g\":7,\"n\":3}");
        enqueue("q", "f", "{\"g\":8,\"n\":4}");
        RoutedCall a = keeper.attempt();
        RoutedCall seven = keeper.attempt();
        keeper.silence(); // no more than two groups at once
        keeper.fail(a);
        RoutedCall eight = keeper.attempt();
        keeper.succeed(seven);
        keeper.succeed(eight);
        keeper.silence(); // the others of a wait
        keeper.pass(50);
        for (int i = 0; i < 3; i++) {
            RoutedCall next = keeper.attempt();
            order.add(TriggerRig.data(next).get("n").toString());
            keeper.silence();
            keeper.succeed(next);
        }
        assertThat(order).containsExactly("0", "1", "2");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldNotHoldUpOthersForAFunctionThatNobodyServes() {
        define("q", false, null, 1, 1);
        enqueue("q", "nobody", "1");
        enqueue("q", "nobody", "2");
        enqueue("q", "f", "3");
        RoutedCall served = keeper.attempt();
        assertThat(text(served)).isEqualTo("3");
        keeper.succeed(served);
        keeper.pass(30_000);
        keeper.silence();
        keeper.serve("nobody");
        keeper.pass(1_100);
        RoutedCall first = keeper.attempt();
        assertThat(text(first)).isEqualTo("1");
        keeper.succeed(first);
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }

    @Test
    void shouldNotCountAWorkerThatGoesAwayAFewTimes() {
        define("q", false, null, 1, 1);
        enqueue("q", "f", "1");
        for (int i = 0; i < 3; i++) {
            keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.INVOCATION_STOPPED, "gone"), "/gateways/g");
            keeper.pass(1_000);
        }
        keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.INVOCATION_STOPPED, "gone"), "/gateways/g");
        keeper.pass(60_000);
        keeper.silence(); // it kills its workers
        keeper.nothingIsLeft();
    }

    @Test
    void shouldDeliverWhatAWorkerLeftAheadOfWhatWaits() {
        define("q", false, null, 1, 1);
        enqueue("q", "f", "1");
        enqueue("q", "f", "2");
        keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.INVOCATION_STOPPED, "gone"), "/gateways/g");
        RoutedCall again = keeper.attempt();
        assertThat(text(again)).isEqualTo("1");
        keeper.silence();
        keeper.succeed(again);
        RoutedCall next = keeper.attempt();
        assertThat(text(next)).isEqualTo("2");
        keeper.succeed(next);
        keeper.nothingIsLeft();
    }

    /** That it left comes to the keeper on two topics. */
    @Test
    void shouldHoldWhatAWorkerLeftAheadOfWhatWaitsWhenTheCatalogDoesNotTellThatItWasTheLast() {
        define("q", false, null, 1, 1);
        keeper.serve("g");
        String gone = enqueue("q", "f", "1");
        enqueue("q", "f", "2");
        enqueue("q", "g", "3");
        keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.INVOCATION_STOPPED, "gone"), "/gateways/g");
        keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.FUNCTION_NOT_FOUND, "none"), "/gateways/g");
        RoutedCall other = keeper.attempt();
        assertThat(text(other)).as("another function does not wait").isEqualTo("3");
        keeper.succeed(other);
        keeper.silence();
        keeper.pass(100);
        keeper.silence();
        keeper.pass(100); // the catalog says still that somebody is there
        RoutedCall early = keeper.attempt();
        assertThat(text(early)).isEqualTo("1");
        keeper.answer(early, Outcome.failure(ErrorCode.OVERLOADED, "full"), "/gateways/g");
        keeper.leave();
        keeper.pass(60_000);
        keeper.silence();
        assertThat(keeper.ask("iii::queue::job", "{\"queue\":\"q\",\"message_id\":\"" + gone + "\"}")
                        .path("status")
                        .asText())
                .isEqualTo("held");

        keeper.serve("f");
        keeper.pass(1_000);
        RoutedCall again = keeper.attempt();
        assertThat(text(again)).isEqualTo("1");
        keeper.silence();
        keeper.succeed(again);
        RoutedCall next = keeper.attempt();
        assertThat(text(next)).isEqualTo("2");
        keeper.succeed(next);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldGiveUpAtOnceOnWhatIsNotWorthRepeating() {
        define("q", false, null, 1, 5);
        enqueue("q", "f", "1");
        keeper.fail(keeper.attempt(), "non_retryable");
        keeper.pass(60_000);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldTimeOutADelivery() {
        define("q", false, null, 1, 2);
        enqueue("q", "f", "1", ",\"options\":{\"timeout_ms\":1000}");
        RoutedCall late = keeper.attempt();
        keeper.pass(999);
        keeper.silence();
        keeper.pass(21);
        keeper.pass(50);
        RoutedCall again = keeper.attempt();
        keeper.succeed(late); // is not awaited any more
        keeper.succeed(again);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldWaitForItsTimeAndGoByPriority() {
        define("q", false, null, 1, 1);
        enqueue("q", "f", "0");
        RoutedCall running = keeper.attempt();
        enqueue("q", "f", "1");
        enqueue("q", "f", "2", ",\"options\":{\"priority\":5}");
        enqueue("q", "f", "3", ",\"options\":{\"delay_ms\":5000,\"priority\":9}");
        enqueue("q", "f", "4", ",\"options\":{\"ttl_ms\":3000}");
        keeper.succeed(running);
        RoutedCall next = keeper.attempt();
        assertThat(text(next)).isEqualTo("2");
        keeper.pass(3_100); // too late for 4
        keeper.succeed(next);
        RoutedCall one = keeper.attempt();
        assertThat(text(one)).isEqualTo("1");
        keeper.succeed(one);
        keeper.pass(1_800);
        keeper.silence();
        keeper.pass(200);
        RoutedCall delayed = keeper.attempt();
        assertThat(text(delayed)).isEqualTo("3");
        keeper.succeed(delayed);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldKeepTheOrderOfAGroupWhateverThePriority() {
        define("q", true, "g", 1, 1);
        enqueue("q", "f", "{\"g\":\"a\",\"n\":0}");
        enqueue("q", "f", "{\"g\":\"a\",\"n\":1}");
        enqueue("q", "f", "{\"g\":\"a\",\"n\":2}", ",\"options\":{\"priority\":9}");
        enqueue("q", "f", "{\"g\":\"b\",\"n\":3}", ",\"options\":{\"priority\":9}");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RoutedCall next = keeper.attempt();
            order.add(TriggerRig.data(next).get("n").toString());
            keeper.succeed(next);
        }
        assertThat(order).containsExactly("0", "3", "1", "2");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldGiveADeliveryItsWholeTimeWhenTheJobWaitedForAKeeper() {
        define("q", false, null, 1, 1);
        keeper.pass(7_000);
        keeper.catchUp(7_000, () -> enqueue("q", "f", "1", ",\"options\":{\"timeout_ms\":5000}"));
        RoutedCall attempt = keeper.attempt();
        assertThat(attempt.call().deadlineMs()).isGreaterThanOrEqualTo(keeper.nowMs() + 5_000);
        keeper.pass(4_900);
        keeper.succeed(attempt);
        assertThat(keeper.ask("iii::queue::list", "{\"queue\":\"q\",\"state\":\"dead\"}")).isEmpty();
        keeper.nothingIsLeft();
    }
}
