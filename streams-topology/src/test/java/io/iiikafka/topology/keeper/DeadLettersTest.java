package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** Durable topics and dead letters (spec: queue.md 4, 6.1, 7), with a clock that stands. */
class DeadLettersTest {

    private static final String STATS = "engine::queue::topic_stats";

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
        keeper.serve("g");
    }

    private static QueueSettings settings(boolean fifo, int concurrency, int maxAttempts) {
        return new QueueSettings(
                fifo, null, concurrency, maxAttempts, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null,
                null, null, false, 0);
    }

    private void subscribe(String topic, String function, @Nullable String condition, QueueSettings settings) {
        keeper.put(new CatalogEntry.Subscription(
                topic, "default", function, function, condition, RawJson.of("{\"by\":\"" + function + "\"}"), settings));
    }

    private void publish(String topic, String data) {
        assertThat(keeper.ask("iii::durable::publish", "{\"topic\":\"" + topic + "\",\"data\":" + data + "}").isNull())
                .isTrue();
    }

    /** Enqueues a job with that receipt, which dies. */
    private void die(String receipt) {
        keeper.ask(
                "engine::queue::enqueue",
                "{\"queue\":\"q/1\",\"function_id\":\"f\",\"data\":{\"r\":\"" + receipt + "\"},\"messageReceiptId\":\""
                        + receipt + "\"}");
        keeper.fail(keeper.attempt());
        keeper.pass(1_000);
    }

    private JsonNode letters(String topic, String more) {
        return keeper.ask("engine::queue::dlq_messages", "{\"topic\":\"" + topic + "\"" + more + "}");
    }

    private static List<String> ids(JsonNode letters) {
        List<String> ids = new ArrayList<>();
        letters.forEach(each -> ids.add(each.get("id").textValue()));
        return ids;
    }

    @Test
    void shouldBrowseRedriveAndDiscardDeadLettersOfAQueue() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2, 1)));
        die("a");
        die("b");
        die("c");

        JsonNode all = letters("q/1", "");
        assertThat(ids(all)).containsExactly("c", "b", "a");
        assertThat(all.get(0).toString())
                .isEqualTo("{\"id\":\"c\",\"payload\":{\"r\":\"c\"},\"error\":\"boom: no luck\",\"failed_at\":1700000002,"
                        + "\"retries\":1,\"size_bytes\":9,\"function_id\":\"f\",\"namespace\":\"default\","
                        + "\"first_enqueued_at\":1700000002000}");
        assertThat(ids(letters("q/1", ",\"offset\":1,\"limit\":1"))).containsExactly("b");
        assertThat(ids(letters("__fn_queue::q/1", ""))).hasSize(3);
        assertThat(letters("other", "")).isEmpty();
        assertThat(keeper.ask("iii::queue::dlq_topics_part", "{}").toString())
                .isEqualTo("[{\"topic\":\"q/1\",\"broker_type\":\"function_queue\",\"message_count\":3}]");
        assertThat(keeper.ask(STATS, "{\"topic\":\"q/1\"}").toString())
                .isEqualTo("{\"depth\":0,\"consumer_count\":2,\"dlq_depth\":3,\"config\":null,\"delivered\":0,"
                        + "\"failed\":3,\"delayed\":0}");

        assertThat(keeper.ask("iii::queue::discard_message", "{\"queue\":\"q/1\",\"message_id\":\"b\"}").toString())
                .isEqualTo("{\"queue\":\"q/1\",\"message_id\":\"b\",\"redriven\":1}");
        assertThat(keeper.ask("iii::queue::redrive_message", "{\"queue\":\"q/1\",\"message_id\":\"b\"}")
                        .get("redriven")
                        .intValue())
                .isZero();
        assertThat(keeper.ask("iii::queue::redrive_message", "{\"topic\":\"__fn_queue::q/1\",\"message_id\":\"a\"}")
                        .toString())
                .isEqualTo("{\"queue\":\"__fn_queue::q/1\",\"message_id\":\"a\",\"redriven\":1}");
        RoutedCall again = keeper.attempt();
        assertThat(TriggerRig.data(again).get("r").textValue()).isEqualTo("a");
        keeper.fail(again);
        keeper.pass(1);
        assertThat(keeper.ask("iii::queue::redrive_part", "{\"queue\":\"q/1\"}").get("rows").toString())
                .isEqualTo("[2]");
        RoutedCall c = keeper.attempt();
        assertThat(TriggerRig.data(c).get("r").textValue()).as("oldest first").isEqualTo("c");
        keeper.succeed(c);
        keeper.succeed(keeper.attempt());
        assertThat(letters("q/1", "")).isEmpty();
        assertThat(keeper.ask("iii::queue::redrive_part", "{\"queue\":\"q/1\"}").get("rows").toString())
                .isEqualTo("[0]");
        keeper.nothingIsLeft();
    }

    @Test
    void shouldKeepWhenAJobWasEnqueuedThroughHandOverAndRedrive() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2, 1)));
        long enqueued = TriggerRig.START - 5_000;
        keeper.ask(
                "iii::queue::failed",
                "{\"queue\":\"q/1\",\"function_id\":\"f\",\"namespace\":\"default\",\"data\":1,\"enqueued_at\":" + enqueued
                        + ",\"messageReceiptId\":\"a\",\"error\":{\"code\":\"boom\",\"message\":\"\"}}");
        assertThat(letters("q/1", "").at("/0/first_enqueued_at").longValue()).isEqualTo(enqueued);
        keeper.pass(1_000);
        keeper.ask("iii::queue::redrive_part", "{\"queue\":\"q/1\"}");
        keeper.fail(keeper.attempt());
        assertThat(letters("q/1", "").at("/0/first_enqueued_at").longValue()).isEqualTo(enqueued);
    }

    @Test
    void shouldKeepEachOfTwoJobsOfOneReceiptThatDieAtTheSameTime() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2, 1)));
        for (int i = 0; i < 2; i++) {
            keeper.ask(
                    "engine::queue::enqueue",
                    "{\"queue\":\"q/1\",\"function_id\":\"f\",\"data\":" + i + ",\"messageReceiptId\":\"a\"}");
            keeper.fail(keeper.attempt());
        }

        assertThat(ids(letters("q/1", ""))).containsExactly("a", "a");
        for (int i = 0; i < 2; i++) {
            keeper.ask("iii::queue::discard_message", "{\"queue\":\"q/1\",\"message_id\":\"a\"}");
        }
        assertThat(keeper.ask(STATS, "{\"topic\":\"q/1\"}").get("dlq_depth").intValue()).isZero();
    }

    /** The gateway that ran it first was thought to be dead, and was not. */
    @Test
    void shouldForgetThatADeadLetterWasLentWhenItIsRedriven() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2, 1)));
        String lent = "\"queue\":\"q/1\",\"function_id\":\"f\",\"namespace\":\"default\",\"data\":1,"
                + "\"messageReceiptId\":\"a\",\"once\":\"t-0-7\"";
        keeper.ask("iii::queue::lent", "{" + lent + ",\"lease_ms\":1000}");
        assertThat(keeper.ask("iii::queue::extend_part", "{\"message_id\":\"a\",\"ms\":500}").toString()).contains("1");
        keeper.pass(1_100);
        keeper.fail(keeper.attempt());
        assertThat(ids(letters("q/1", ""))).containsExactly("a");

        keeper.ask("iii::queue::redrive_part", "{\"queue\":\"q/1\"}");
        RoutedCall redriven = keeper.attempt();
        keeper.ask("iii::queue::returned", "{" + lent + "}");
        keeper.fail(redriven);
        assertThat(ids(letters("q/1", ""))).as("what the gateway tells is of its earlier life").containsExactly("a");
    }

    @Test
    void shouldRedriveInPagesWithoutMovingAnyTwice() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2_000, 1)));
        for (int i = 0; i < 1_100; i++) {
            keeper.ask(
                    "engine::queue::enqueue",
                    "{\"queue\":\"q/1\",\"function_id\":\"f\",\"data\":1,\"messageReceiptId\":\"r" + i + "\"}");
            keeper.fail(keeper.attempt());
        }
        keeper.pass(1);
        JsonNode page = keeper.ask("iii::queue::redrive_part", "{\"queue\":\"q/1\",\"max\":1050}");
        List<String> moved = new ArrayList<>();
        while (page.hasNonNull("next")) {
            moved.add(page.get("rows").toString());
            keeper.pass(1);
            while (!keeper.isSilent()) {
                keeper.fail(keeper.attempt()); // dies again, later than the redrive began
            }
            page = keeper.ask(
                    "iii::queue::redrive_next", RawJson.ofValue(Map.of("cursor", page.get("next").textValue())).toString());
        }
        moved.add(page.get("rows").toString());
        assertThat(moved).containsExactly("[500]", "[500]", "[50,1050]");
    }

    @Test
    void shouldRedriveAllAlsoWhenNobodyWaits() {
        keeper.put(new CatalogEntry.Queue("q/1", true, settings(false, 2_000, 1)));
        for (int i = 0; i < 1_100; i++) {
            keeper.ask(
                    "engine::queue::enqueue",
                    "{\"queue\":\"q/1\",\"function_id\":\"f\",\"data\":1,\"messageReceiptId\":\"r" + i + "\"}");
            keeper.fail(keeper.attempt());
        }
        keeper.pass(1);
        keeper.run("iii::queue::redrive", "{\"queue\":\"q/1\"}");
        int moved = 0;
        for (int i = 0; i < 4; i++) {
            while (!keeper.isSilent()) {
                keeper.succeed(keeper.attempt());
                moved++;
            }
            keeper.pass(100);
        }
        assertThat(moved).isEqualTo(1_100);
        keeper.nothingIsLeft();
    }

    @Test
    void shouldDropAllThatAnEndedSubscriptionHasAndNothingOfTheNext() {
        subscribe("t", "f", null, settings(false, 1, 1));
        for (int i = 0; i < 1_100; i++) {
            publish("t", "" + i);
        }
        RoutedCall first = keeper.attempt();
        keeper.remove(EntryKey.subscription("t", "default", "f"));
        subscribe("t", "f", null, settings(false, 1, 1));
        publish("t", "\"new\"");
        keeper.succeed(first);
        for (int i = 0; i < 4; i++) {
            keeper.pass(100);
        }
        RoutedCall next = keeper.attempt();
        assertThat(next.call().data().toString()).isEqualTo("\"new\"");
        keeper.succeed(next);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldTakeMessagesWithTheSameKeyForOne() {
        subscribe("t", "f", null, settings(false, 5, 1));
        keeper.ask("iii::durable::publish", "{\"topic\":\"t\",\"data\":1,\"dedup_key\":\"k\"}");
        keeper.ask("iii::durable::publish", "{\"topic\":\"t\",\"data\":2,\"dedup_key\":\"k\"}");
        keeper.succeed(keeper.attempt());
        keeper.silence();
    }

    @Test
    void shouldRefuseAsTheReferenceDoes() {
        assertThat(keeper.ask("iii::queue::redrive", "{\"queue\":\"\"}").toString())
                .contains("queue_not_set", "Queue name is required");
        assertThat(keeper.ask("iii::queue::redrive", "{}").toString())
                .contains("deserialization_error", "Failed to deserialize input for iii::queue::redrive: ");
        assertThat(keeper.ask("iii::queue::redrive_message", "{\"queue\":\"x\",\"message_id\":\"\"}").toString())
                .contains("message_id_not_set", "Message ID is required");
        assertThat(keeper.ask(STATS, "{\"topic\":\"\"}").toString()).contains("topic_required", "topic is required");
        assertThat(keeper.ask("emit", "{\"topic\":\"\",\"data\":1}").toString())
                .contains("topic_not_set", "Topic is not set");
        assertThat(keeper.ask("enqueue", "{\"topic\":\"x\"}").toString())
                .contains("deserialization_error", "missing field `data`");
        assertThat(keeper.ask(STATS, "{\"topic\":\"unknown\"}").get("depth").intValue()).isZero();
    }

    @Test
    void shouldGiveEachSubscriptionItsCopyAndRedriveOnlyWhatFailed() {
        subscribe("t", "f", null, settings(false, 5, 1));
        subscribe("t", "g", "cond", settings(false, 5, 1));
        keeper.serve("cond");
        publish("t", "{\"x\":1.0}");
        publish("elsewhere", "1");

        RoutedCall f = keeper.attempt();
        RoutedCall g = keeper.attempt();
        keeper.silence();
        assertThat(f.call().functionId()).isEqualTo("f");
        assertThat(f.call().data().toString()).isEqualTo("{\"x\":1.0}");
        assertThat(f.call().metadata().toString()).isEqualTo("{\"by\":\"f\"}");
        assertThat(g.condition()).isEqualTo("cond");
        assertThat(f.call().invocationId()).isNotEqualTo(g.call().invocationId());
        keeper.succeed(f);
        keeper.fail(g);
        assertThat(keeper.ask("iii::queue::dlq_topics_part", "null").toString())
                .isEqualTo("[{\"topic\":\"t\",\"broker_type\":\"kafka\",\"message_count\":1}]");
        assertThat(keeper.ask("iii::queue::redrive_part", "{\"topic\":\"t\"}").get("rows").toString()).isEqualTo("[1]");
        RoutedCall again = keeper.attempt();
        assertThat(again.call().functionId()).isEqualTo("g");
        keeper.succeed(again);
        keeper.silence();
        keeper.nothingIsLeft();
    }

    @Test
    void shouldTakeOneMessageAtATimeInOrderWhereThatIsAsked() {
        subscribe("t", "f", null, settings(true, 0, 3));
        publish("t", "1");
        publish("t", "2");
        keeper.fail(keeper.attempt());
        keeper.silence();
        keeper.pass(50);
        RoutedCall first = keeper.attempt();
        assertThat(first.call().data().toString()).isEqualTo("1");
        keeper.succeed(first);
        assertThat(keeper.attempt().call().data().toString()).isEqualTo("2");
    }

    @Test
    void shouldPauseASubscriptionAndDropItsBacklogWhenItEnds() {
        subscribe("t", "f", null, settings(false, 0, 3));
        publish("t", "1");
        keeper.silence();
        assertThat(keeper.ask(STATS, "{\"topic\":\"t\"}").get("depth").intValue()).isEqualTo(1);
        subscribe("t", "f", null, settings(false, 1, 3));
        keeper.pass(1_000);
        keeper.fail(keeper.attempt());
        publish("t", "2");
        RoutedCall running = keeper.attempt();
        publish("t", "3");

        keeper.remove(EntryKey.subscription("t", "default", "f"));
        subscribe("t", "f", null, settings(false, 1, 1));
        publish("t", "4");
        keeper.fail(running);
        RoutedCall fourth = keeper.attempt();
        assertThat(fourth.call().data().toString()).isEqualTo("4");
        keeper.succeed(fourth);
        keeper.pass(10_000);
        keeper.silence();
    }
}
