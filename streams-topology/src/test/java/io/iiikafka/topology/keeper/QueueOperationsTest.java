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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of jobs and what operators can do with them (spec: queue.md 12), with a clock that stands. */
class QueueOperationsTest {

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
        define(1, null);
    }

    private void define(int concurrency, QueueSettings.@Nullable RateLimit limit) {
        keeper.put(new CatalogEntry.Queue(
                "q",
                true,
                new QueueSettings(
                        false, null, concurrency, 2, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null,
                        null, limit, false, 0)));
    }

    private JsonNode enqueue(String data, String options) {
        JsonNode result = keeper.ask(
                "iii::queue::enqueue",
                "{\"queue\":\"q\",\"function_id\":\"f\",\"data\":" + data + ",\"options\":{" + options + "}}");
        assertThat(result.has("code")).as(result.toString()).isFalse();
        return result;
    }

    private String receipt(String data) {
        return enqueue(data, "").get("messageReceiptId").textValue();
    }

    private JsonNode on(String function, String more) {
        return keeper.ask("iii::queue::" + function, "{\"queue\":\"q\"" + more + "}");
    }

    private String status(String receipt) {
        return on("job", ",\"message_id\":\"" + receipt + "\"").get("status").textValue();
    }

    private static String text(RoutedCall attempt) {
        return attempt.call().data().toString();
    }

    @Test
    void shouldTakeALaterJobWithTheSameKeyForTheFirst() {
        JsonNode first = enqueue("1", "\"dedup_key\":\"k\",\"dedup_window_ms\":1000");
        assertThat(first.get("deduplicated").booleanValue()).isFalse();
        JsonNode second = enqueue("2", "\"dedup_key\":\"k\"");
        assertThat(second.get("messageReceiptId")).isEqualTo(first.get("messageReceiptId"));
        assertThat(second.get("deduplicated").booleanValue()).isTrue();
        enqueue("3", "\"dedup_key\":\"other\"");
        keeper.succeed(keeper.attempt());
        keeper.succeed(keeper.attempt());
        assertThat(enqueue("4", "\"dedup_key\":\"k\"").get("deduplicated").booleanValue())
                .as("also when the first is done")
                .isTrue();
        keeper.silence();
        keeper.pass(1_000);
        assertThat(enqueue("5", "\"dedup_key\":\"k\"").get("deduplicated").booleanValue()).isFalse();
        assertThat(text(keeper.attempt())).isEqualTo("5");
    }

    @Test
    void shouldTakeTheNewestPayloadOrWaitForTheEndAsAsked() {
        receipt("0");
        RoutedCall zero = keeper.attempt();
        enqueue("1", "\"dedup_key\":\"k\",\"dedup_mode\":\"replace\"");
        enqueue("2", "\"dedup_key\":\"k\",\"dedup_mode\":\"replace\"");
        keeper.succeed(zero);
        RoutedCall replaced = keeper.attempt();
        assertThat(text(replaced)).isEqualTo("2");
        keeper.succeed(replaced);

        enqueue("3", "\"dedup_key\":\"u\",\"dedup_mode\":\"until_done\"");
        keeper.fail(keeper.attempt());
        keeper.pass(600_000);
        assertThat(enqueue("4", "\"dedup_key\":\"u\",\"dedup_mode\":\"until_done\"").get("deduplicated").booleanValue())
                .isTrue();
        keeper.succeed(keeper.attempt());
        assertThat(enqueue("5", "\"dedup_key\":\"u\",\"dedup_mode\":\"until_done\"").get("deduplicated").booleanValue())
                .isFalse();
        keeper.succeed(keeper.attempt());
        keeper.silence();
    }

    @Test
    void shouldShowListCancelAndPurgeJobs() {
        String active = receipt("0");
        RoutedCall running = keeper.attempt();
        String waiting = receipt("1");
        String delayed = enqueue("2", "\"delay_ms\":1000,\"group\":\"g\"").get("messageReceiptId").textValue();
        assertThat(List.of(status(active), status(waiting), status(delayed), status("x")))
                .containsExactly("active", "waiting", "delayed", "unknown");
        assertThat(on("list", "")).hasSize(3);
        assertThat(on("list", ",\"state\":\"delayed\"").get(0).get("id").textValue()).isEqualTo(delayed);
        assertThat(on("list", ",\"group\":\"g\"")).hasSize(1);
        assertThat(on("list", ",\"offset\":1,\"limit\":1").get(0).get("payload").intValue()).isEqualTo(1);
        assertThat(keeper.ask("engine::queue::topic_stats", "{\"topic\":\"q\"}").toString())
                .contains("\"depth\":2", "\"delayed\":1");

        assertThat(on("cancel", ",\"message_id\":\"" + waiting + "\"").get("cancelled").intValue()).isEqualTo(1);
        assertThat(on("cancel", ",\"message_id\":\"" + waiting + "\"").get("cancelled").intValue()).isZero();
        assertThat(on("cancel", ",\"message_id\":\"" + active + "\"").get("cancelled").intValue()).isEqualTo(1);
        keeper.fail(running);
        keeper.pass(500);
        keeper.silence(); // is not repeated, and no dead letter either
        assertThat(on("list", ",\"state\":\"dead\"")).isEmpty();
        receipt("3");
        RoutedCall three = keeper.attempt();
        receipt("4");
        keeper.pass(1);
        assertThat(on("purge_part", ",\"state\":\"waiting\"").get("rows").toString()).isEqualTo("[1]");
        assertThat(on("purge_part", "").get("rows").toString()).isEqualTo("[1]");
        keeper.succeed(three);
        keeper.pass(10_000);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldHoldJobsBackWhilePaused() {
        assertThat(on("pause", "").toString()).isEqualTo("{\"queue\":\"q\",\"paused\":true}");
        String held = receipt("1");
        keeper.pass(60_000);
        keeper.silence();
        assertThat(status(held)).isEqualTo("held");
        assertThat(on("resume", "").get("paused").booleanValue()).isFalse();
        keeper.succeed(keeper.attempt());
        keeper.nothingIsLeft();
    }

    @Test
    void shouldGiveADeliveryMoreTime() {
        String receipt = enqueue("1", "\"timeout_ms\":1000,\"max_attempts\":1").get("messageReceiptId").textValue();
        RoutedCall running = keeper.attempt();
        keeper.pass(900);
        assertThat(keeper.ask("iii::queue::extend_part", "{\"message_id\":\"" + receipt + "\",\"ms\":5000}").intValue())
                .isEqualTo(1);
        assertThat(keeper.ask("iii::queue::extend_part", "{\"message_id\":\"x\",\"ms\":5000}").intValue()).isZero();
        keeper.pass(4_900);
        keeper.succeed(running);
        assertThat(on("list", ",\"state\":\"dead\"")).isEmpty();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldBeginNoMoreInATimeThanTheRateAllows() {
        define(10, new QueueSettings.RateLimit(2, 1_000, "k"));
        for (int i = 0; i < 5; i++) {
            enqueue("{\"k\":\"a\",\"n\":" + i + "}", "");
        }
        enqueue("{\"k\":\"b\",\"n\":5}", "");
        List<String> begun = new ArrayList<>();
        for (int second = 0; second < 3; second++) {
            while (!keeper.isSilent()) {
                RoutedCall attempt = keeper.attempt();
                begun.add(second + ":" + TriggerRig.data(attempt).get("n"));
                keeper.succeed(attempt);
            }
            keeper.pass(1_000);
        }
        assertThat(begun).containsExactly("0:0", "0:1", "0:5", "1:2", "1:3", "2:4");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRememberTheRateWhenTheQueueWasEmpty() {
        define(10, new QueueSettings.RateLimit(1, 1_000, null));
        for (int i = 0; i < 3; i++) {
            receipt("" + i);
            keeper.succeed(keeper.attempt());
            String next = receipt("9");
            keeper.pass(900);
            keeper.silence();
            assertThat(status(next)).isEqualTo("waiting");
            on("purge_part", "");
            keeper.pass(200);
            keeper.silence();
        }
        keeper.pass(2_000);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldBeginTheOldestOfABacklogWhenTheRateAllows() {
        define(10, new QueueSettings.RateLimit(2, 1_000, null));
        for (int i = 0; i < 5; i++) {
            receipt("" + i);
        }
        List<String> begun = new ArrayList<>();
        for (int second = 0; second < 3; second++) {
            while (!keeper.isSilent()) {
                RoutedCall attempt = keeper.attempt();
                begun.add(second + ":" + text(attempt));
                keeper.succeed(attempt);
            }
            keeper.pass(1_000);
        }
        assertThat(begun).containsExactly("0:0", "0:1", "1:2", "1:3", "2:4");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldFailWhatNobodyServedFromWhenItMightHaveRun() {
        keeper.put(new CatalogEntry.Queue(
                "q",
                true,
                new QueueSettings(
                        false, null, 1, 2, 50, true, 3_600_000, 0, 1_800_000, 0, 5_000, 3, List.of(), null, null,
                        null, null, false, 0)));
        receipt("0");
        RoutedCall zero = keeper.attempt();
        String one = receipt("1");
        String late = enqueue("2", "\"delay_ms\":22000").get("messageReceiptId").textValue();
        keeper.pass(10_000);
        keeper.succeed(zero);
        keeper.answer(keeper.attempt(), Outcome.failure(ErrorCode.FUNCTION_NOT_FOUND, "gone"), "/gateways/g");
        assertThat(status(one)).as("it did not wait for somebody until now").isEqualTo("delayed");
        keeper.leave();
        keeper.pass(1_000);
        keeper.pass(3_000);
        assertThat(status(one)).isEqualTo("held");
        keeper.pass(2_500);
        assertThat(status(one)).isEqualTo("dead");
        keeper.pass(6_000);
        assertThat(status(late)).as("its time has just come").isEqualTo("held");
        keeper.pass(7_000);
        assertThat(status(late)).isEqualTo("dead");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRefuseToPauseWhatIsNotThere() {
        for (String name : List.of("typo", "__fn_queue::typo")) {
            JsonNode refused = keeper.ask("iii::queue::pause", "{\"queue\":\"" + name + "\"}");
            assertThat(refused.path("code").textValue()).isEqualTo("invalid_queue");
            assertThat(refused.path("message").textValue()).contains("'" + name + "'", "engine::queue::list_topics");
        }
        keeper.nothingIsLeft();
    }

    @Test
    void shouldListFromAnywhereAndNoMoreThanAsked() {
        on("pause", "");
        for (int i = 0; i < 20; i++) {
            receipt("" + i);
        }
        List<String> payloads = new ArrayList<>();
        on("list", ",\"offset\":15,\"limit\":3").forEach(row -> payloads.add(row.get("payload").toString()));
        assertThat(payloads).containsExactly("15", "16", "17");
        assertThat(on("list", ",\"offset\":15,\"limit\":0")).isEmpty();
        assertThat(on("list", ",\"offset\":20")).isEmpty();
    }

    @Test
    void shouldPurgeAllAlsoWhenNobodyWaits() {
        on("pause", "");
        for (int i = 0; i < 1_100; i++) {
            receipt("1");
        }
        keeper.run("iii::queue::purge", "{\"queue\":\"q\"}");
        assertThat(on("list", "")).as("some remain for later, so that others have their turn").isNotEmpty();
        for (int i = 0; i < 3; i++) {
            keeper.pass(100);
        }
        assertThat(on("list", "")).isEmpty();
        on("resume", "");
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldRefuseOptionsThatDoNotFit() {
        for (String options : List.of(
                "\"priority\":10", "\"delay_ms\":-1", "\"deliver_at\":\"soon\"", "\"jitter\":2",
                "\"backoff_type\":\"linear\"", "\"dedup_mode\":\"x\"", "\"max_attempts\":0")) {
            JsonNode error = keeper.ask(
                    "iii::queue::enqueue",
                    "{\"queue\":\"q\",\"function_id\":\"f\",\"data\":1,\"options\":{" + options + "}}");
            assertThat(error.path("code").textValue()).as(options).isEqualTo("deserialization_error");
        }
        keeper.silence();
    }

    @Test
    void shouldMakeDeadLettersJobsOfAnotherQueueUnderTheSameReceipts() {
        keeper.put(new CatalogEntry.Queue("other", true, QueueSettings.DEFAULT));
        keeper.serve("g");
        String first = enqueue("{\"n\":1}", "\"max_attempts\":1,\"priority\":3").get("messageReceiptId").textValue();
        keeper.fail(keeper.attempt());
        String second = enqueue("{\"n\":2}", "\"max_attempts\":1").get("messageReceiptId").textValue();
        keeper.fail(keeper.attempt());

        assertThat(on("redrive", ",\"to_queue\":\"nowhere\"").get("message").textValue())
                .isEqualTo("Failed to redrive DLQ for queue 'q': Queue 'nowhere' not found");
        assertThat(on("redrive", ",\"to_queue\":\"other\",\"to_function\":\"g\",\"max\":1").get("rows"))
                .as("how many were moved, and remain")
                .hasToString("[1,1]");
        RoutedCall moved = keeper.attempt();
        assertThat(moved.call().functionId()).isEqualTo("g");
        assertThat(text(moved)).isEqualTo("{\"n\":1}");
        assertThat(status(first)).as("in the first queue").isEqualTo("unknown");
        JsonNode job = keeper.ask("iii::queue::job", "{\"queue\":\"other\",\"message_id\":\"" + first + "\"}");
        assertThat(job.get("status").textValue()).isEqualTo("active");
        assertThat(job.get("priority").intValue()).isEqualTo(3);
        assertThat(status(second)).isEqualTo("dead");
        keeper.fail(moved);
        assertThat(keeper.ask("engine::queue::dlq_messages", "{\"topic\":\"other\"}").get(0).get("id").textValue())
                .as("it has kept its one attempt")
                .isEqualTo(first);
    }

    @Test
    void shouldKeepResultsAsLongAsTheQueueSays() {
        keeper.put(new CatalogEntry.Queue(
                "q",
                true,
                new QueueSettings(
                        false, null, 1, 2, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null, null,
                        false, 10_000)));
        String kept = receipt("1");
        keeper.answer(keeper.attempt(), new Outcome.Success(RawJson.of("{\"sum\":5}")), "/workers/w");
        JsonNode job = on("job", ",\"message_id\":\"" + kept + "\"");
        assertThat(job.get("status").textValue()).isEqualTo("succeeded");
        assertThat(job.get("result")).hasToString("{\"sum\":5}");
        assertThat(job.get("attempts").intValue()).isEqualTo(1);
        String long64 = receipt("2");
        keeper.answer(
                keeper.attempt(), new Outcome.Success(RawJson.of("\"" + "x".repeat(70_000) + "\"")), "/workers/w");
        assertThat(on("job", ",\"message_id\":\"" + long64 + "\"").has("result")).isFalse();
        assertThat(status(long64)).isEqualTo("succeeded");
        keeper.pass(9_000);
        assertThat(status(kept)).isEqualTo("succeeded");
        keeper.pass(2_000);
        assertThat(status(kept)).isEqualTo("unknown");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldKeepDeadLettersAsLongAsTheQueueSays() {
        keeper.put(new CatalogEntry.Queue(
                "q",
                true,
                new QueueSettings(
                                false, null, 1, 1, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null,
                                null, false, 0)
                        .withDlqRetention(10_000)));
        String first = receipt("1");
        keeper.fail(keeper.attempt());
        keeper.pass(6_000);
        String second = receipt("2");
        keeper.fail(keeper.attempt());
        assertThat(List.of(status(first), status(second))).containsExactly("dead", "dead");
        keeper.pass(5_000);
        assertThat(List.of(status(first), status(second))).containsExactly("unknown", "dead");
        keeper.pass(6_000);
        assertThat(status(second)).isEqualTo("unknown");
        assertThat(keeper.ask("engine::queue::topic_stats", "{\"topic\":\"q\"}").get("dlq_depth").intValue()).isZero();
    }
}
