package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.KeeperStore;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts, back-off, order and dead letters of deliveries (spec: state.md 12.6, stream.md 13.5), with a clock that stands. */
class TriggerGuaranteesTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final long START = 1_700_000_000_000L;
    private static final String RETRY = ",\"delivery\":\"at_least_once\",\"include_meta\":true";

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> commands;
    private TestInputTopic<String, byte[]> catalog;
    private TestOutputTopic<byte[], byte[]> calls;
    private long nowMs = START;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(
                        TOPICS,
                        new Catalog(),
                        List.of(new StateRoom(StateSettings.DEFAULT), new StreamRoom(StreamSettings.DEFAULT))),
                properties,
                Instant.ofEpochMilli(START));
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        catalog = driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        calls = driver.createOutputTopic(
                TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        put(new CatalogEntry.Gateway("g", 1, List.of(0), "h:1", "1", 0, 0, 0, 1_000, false, null));
        put(new CatalogEntry.Worker(
                "w", "g", "default", true, "w", null, null, null, null, null, null, null, null, 0, "", "l"));
        serve("f");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void put(CatalogEntry entry) {
        catalog.pipeInput(entry.key(), EntryCodec.encode(entry));
    }

    private void serve(String function) {
        put(new CatalogEntry.Function("w", "default", function, null, null, null, null));
    }

    private void trigger(String type, String config) {
        put(new CatalogEntry.Trigger(
                "w", "t", type, "f", "default", null, "default", RawJson.of(config), RawJson.of("{\"m\":1}")));
    }

    private void run(String function, String data) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, false, "w", null, null, nowMs + 1);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("t", null, null, new RoutedCall(call, new Origin("g", 4, 1), 1, 0), nowMs);
        commands.pipeInput(new TestRecord<>(new byte[0], record.value(), record.headers(), nowMs));
    }

    private void set(String key, int value) {
        run("state::set", "{\"scope\":\"s\",\"key\":\"" + key + "\",\"value\":" + value + "}");
    }

    private RoutedCall attempt() {
        TestRecord<byte[], byte[]> record = calls.readRecord();
        return CallCodec.decode(record.headers(), record.value());
    }

    private void silence() {
        assertThat(calls.isEmpty()).isTrue();
    }

    private static JsonNode data(RoutedCall attempt) {
        return attempt.call().data().toTree();
    }

    private void answer(RoutedCall attempt, Outcome outcome, String source) {
        RecordHeaders headers = new RecordHeaders(
                OutcomeCodec.headers(attempt.call(), attempt.origin(), outcome, source, nowMs));
        commands.pipeInput(new TestRecord<>(
                attempt.call().invocationId().getBytes(UTF_8), OutcomeCodec.value(outcome), headers, nowMs));
    }

    private void succeed(RoutedCall attempt) {
        answer(attempt, Outcome.NO_VALUE, "/workers/w");
    }

    private void fail(RoutedCall attempt) {
        answer(attempt, new Outcome.Failure(new ErrorBody("boom", "no luck")), "/workers/w");
    }

    private void pass(long ms) {
        nowMs += ms;
        driver.advanceWallClockTime(Duration.ofMillis(ms));
    }

    private void nothingIsLeft() {
        try (KeyValueIterator<String, byte[]> left =
                driver.<String, byte[]>getKeyValueStore(KeeperStore.JOBS.storeName()).all()) {
            assertThat(left).toIterable().extracting(each -> each.key).containsExactly("number");
        }
    }

    @Test
    void shouldRepeatAfterTheBackOffUntilTheFunctionSucceeds() {
        trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        set("k", 1);

        RoutedCall first = attempt();
        assertThat(first.call().reply()).isTrue();
        assertThat(first.call().metadata()).isEqualTo(RawJson.of("{\"m\":1}"));
        assertThat(data(first).at("/meta/attempt").intValue()).isEqualTo(1);
        fail(first);
        pass(999);
        silence();
        pass(1);
        RoutedCall second = attempt();
        assertThat(data(second).at("/meta/attempt").intValue()).isEqualTo(2);
        assertThat(data(second).at("/meta/event_id")).isEqualTo(data(first).at("/meta/event_id"));
        assertThat(data(second).at("/new_value").intValue()).isEqualTo(1);
        assertThat(second.call().invocationId()).isNotEqualTo(first.call().invocationId());
        fail(second);
        pass(1_999);
        silence();
        pass(1);
        succeed(attempt());

        pass(3_600_000);
        silence();
        nothingIsLeft();
    }

    @Test
    void shouldTellTheDeadLetterFunctionOnceAttemptsRunOut() {
        serve("dead");
        trigger(
                "state",
                "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"max_attempts\":2,\"backoff_ms\":10},"
                        + "\"dead_letter_function_id\":\"dead\"}");
        set("k", 7);
        fail(attempt());
        pass(20);
        fail(attempt());

        RoutedCall dead = attempt();
        assertThat(dead.call().functionId()).isEqualTo("dead");
        assertThat(data(dead).at("/event/new_value").intValue()).isEqualTo(7);
        assertThat(data(dead).at("/error/code").textValue()).isEqualTo("boom");
        assertThat(data(dead).at("/attempts").intValue()).isEqualTo(2);
        succeed(dead);
        silence();
        nothingIsLeft();
    }

    @Test
    void shouldHoldBackTheSameKeyOnlyWhileOneOfItIsRepeated() {
        trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        set("a", 1);
        set("a", 2);
        set("b", 3);

        RoutedCall first = attempt();
        assertThat(data(first).at("/new_value").intValue()).isEqualTo(1);
        RoutedCall other = attempt();
        assertThat(data(other).at("/new_value").intValue()).isEqualTo(3);
        silence();
        succeed(other);
        fail(first);
        silence();
        pass(1_000);
        RoutedCall again = attempt();
        assertThat(data(again).at("/new_value").intValue()).isEqualTo(1);
        silence();
        succeed(again);
        RoutedCall next = attempt();
        assertThat(data(next).at("/new_value").intValue()).isEqualTo(2);
        succeed(next);
        nothingIsLeft();
    }

    @Test
    void shouldWaitForTheWholeScopeOrForNothingAsOrdered() {
        trigger("state", "{\"scope\":\"s\",\"ordering\":\"scope\"}");
        set("a", 1);
        set("b", 2);
        RoutedCall first = attempt();
        silence();
        fail(first); // at most once: it is not repeated
        RoutedCall second = attempt();
        assertThat(data(second).at("/new_value").intValue()).isEqualTo(2);
        succeed(second);

        trigger("state", "{\"scope\":\"s\",\"ordering\":\"none\"}");
        set("a", 3);
        set("a", 4);
        succeed(attempt());
        succeed(attempt());
        nothingIsLeft();
    }

    @Test
    void shouldRunNoMoreAtOnceThanItMay() {
        trigger("state", "{\"scope\":\"s\",\"max_in_flight\":2}");
        for (int i = 0; i < 5; i++) {
            set("k" + i, i);
        }
        RoutedCall first = attempt();
        RoutedCall second = attempt();
        silence();
        succeed(second);
        assertThat(data(attempt()).at("/new_value").intValue()).isEqualTo(2);
        silence();
        succeed(first);
        assertThat(data(attempt()).at("/new_value").intValue()).isEqualTo(3);
        silence();
    }

    @Test
    void shouldNotCountAttemptsThatReachedNoWorker() {
        trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"max_attempts\":1}}");
        set("k", 1);
        for (int i = 0; i < 5; i++) {
            answer(attempt(), Outcome.failure(ErrorCode.FUNCTION_NOT_FOUND, "nobody"), "/router");
            silence();
            pass(10_000);
        }
        succeed(attempt());
        nothingIsLeft();
    }

    @Test
    void shouldWaitForAWorkerThatIsAway() {
        trigger("state", "{\"scope\":\"s\"" + RETRY + "}");
        catalog.pipeInput("function/w/f", (byte[]) null);
        set("k", 1);
        pass(60_000);
        silence();
        serve("f");
        pass(1_100);
        succeed(attempt());
        nothingIsLeft();
    }

    @Test
    void shouldGiveUpWhatNobodyServesForADay() {
        serve("dead");
        trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"dead_letter_function_id\":\"dead\"}");
        catalog.pipeInput("function/w/f", (byte[]) null);
        set("k", 1);
        pass(24 * 3_600_000 + 2_000);
        RoutedCall dead = attempt();
        assertThat(data(dead).at("/error/code").textValue()).isEqualTo("function_not_found");
        assertThat(data(dead).at("/attempts").intValue()).isZero();
    }

    @Test
    void shouldTakeSilenceForAFailureAndIgnoreTheLateAnswer() {
        trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\",\"retry\":{\"timeout_ms\":5000}}");
        set("k", 1);
        RoutedCall first = attempt();
        assertThat(first.call().deadlineMs()).isEqualTo(START + 5_000);
        pass(5_000);
        silence();
        pass(1_000);
        RoutedCall second = attempt();
        succeed(first);
        pass(5_000);
        pass(2_000);
        RoutedCall third = attempt();
        assertThat(third.call().invocationId()).isNotEqualTo(second.call().invocationId());
        succeed(third);
        nothingIsLeft();
    }

    @Test
    void shouldRepeatEventsOfStreamsToo() {
        trigger("stream", "{\"stream_name\":\"todos\"" + RETRY + "}");
        run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":1}");
        run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"a\",\"data\":2}");
        run("stream::set", "{\"stream_name\":\"todos\",\"group_id\":\"g\",\"item_id\":\"b\",\"data\":3}");
        RoutedCall first = attempt();
        RoutedCall other = attempt();
        assertThat(data(other).at("/id").textValue()).isEqualTo("b");
        silence();
        fail(first);
        pass(1_000);
        RoutedCall again = attempt();
        assertThat(data(again).at("/event/data").intValue()).isEqualTo(1);
        assertThat(data(again).at("/meta/attempt").intValue()).isEqualTo(2);
        assertThat(data(again).at("/meta/event_id")).isEqualTo(data(first).at("/meta/event_id"));
        succeed(again);
        assertThat(data(attempt()).at("/event/data").intValue()).isEqualTo(2);
    }

    private List<Integer> values(String pointer) {
        List<Integer> values = new ArrayList<>();
        while (!calls.isEmpty()) {
            RoutedCall attempt = attempt();
            values.add(data(attempt).at(pointer).intValue());
            if (attempt.origin() != null) {
                succeed(attempt);
            }
        }
        return values;
    }

    @Test
    void shouldTellOfTheChangesSinceARevisionOnceAndThenGoOn() {
        for (int i = 1; i <= 500; i++) {
            set("k" + i % 7, i);
        }
        trigger("state", "{\"scope\":\"s\",\"start\":{\"revision\":3},\"ordering\":\"scope\",\"include_meta\":true}");
        set("late", 501); // before the keeper has looked back
        silence();
        run(LookAround.ID, "{}");
        List<Integer> told = values("/new_value");
        set("later", 502); // in its turn
        for (int i = 0; i < 5; i++) {
            pass(20);
            told.addAll(values("/new_value"));
        }
        set("live", 503);
        told.addAll(values("/new_value"));

        assertThat(told).containsExactlyElementsOf(IntStream.rangeClosed(4, 503).boxed().toList());
        run(LookAround.ID, "{}");
        pass(20);
        silence();
    }

    @Test
    void shouldTellOfTheLogOfGroupsAndThenGoOn() {
        for (int i = 1; i <= 300; i++) {
            run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g" + i % 2 + "\",\"item_id\":\"a\",\"data\":" + i + "}");
        }
        trigger("stream", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"start\":{\"last\":120}}");
        run(LookAround.ID, "{}");
        run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"item_id\":\"a\",\"data\":301}");
        pass(20);
        pass(20);
        run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g1\",\"item_id\":\"a\",\"data\":303}");

        assertThat(values("/event/data"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(61, 303).filter(each -> each % 2 == 1).boxed().toList().subList(0, 122));
    }

    private void streamSet(String item, int value) {
        run(
                "stream::set",
                "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"" + item + "\",\"data\":" + value + "}");
    }

    private static List<Integer> batch(RoutedCall attempt) {
        assertThat(data(attempt).get("type").textValue()).isEqualTo("stream_batch");
        List<Integer> values = new ArrayList<>();
        data(attempt).get("events").forEach(event -> values.add(event.at("/event/data").intValue()));
        return values;
    }

    @Test
    void shouldTellEventsInBatches() {
        serve("dead");
        trigger(
                "stream",
                "{\"stream_name\":\"x\",\"delivery\":\"at_least_once\",\"batch\":{\"max_events\":3,\"max_wait_ms\":500},"
                        + "\"retry\":{\"max_attempts\":2},\"dead_letter_function_id\":\"dead\"}");
        streamSet("a", 1);
        streamSet("a", 2);
        silence();
        streamSet("b", 3);
        RoutedCall full = attempt();
        assertThat(batch(full)).containsExactly(1, 2, 3);
        streamSet("a", 4);
        streamSet("c", 5);
        streamSet("c", 6);
        pass(500);
        RoutedCall late = attempt();
        assertThat(batch(late)).containsExactly(5, 6); // the next of a waits for those before it
        succeed(late);
        fail(full);
        pass(1_000);
        RoutedCall again = attempt();
        assertThat(batch(again)).containsExactly(1, 2, 3);
        fail(again);
        assertThat(List.of(attempt(), attempt(), attempt()))
                .extracting(each -> each.call().functionId())
                .containsOnly("dead");
        RoutedCall rest = attempt();
        assertThat(batch(rest)).containsExactly(4);
        succeed(rest);
        silence();
    }

    @Test
    void shouldKeepBatchesSmallEnoughForARecord() {
        trigger("stream", "{\"stream_name\":\"x\",\"batch\":{\"max_events\":3,\"max_wait_ms\":0},\"max_in_flight\":1}");
        String large = "\"" + "x".repeat(600_000) + "\"";
        for (int i = 0; i < 3; i++) {
            run("stream::set", "{\"stream_name\":\"x\",\"group_id\":\"g\",\"item_id\":\"a" + i + "\",\"data\":" + large + "}");
        }
        for (int i = 0; i < 3; i++) {
            RoutedCall one = attempt();
            assertThat(data(one).get("events")).hasSize(1);
            succeed(one);
        }
        silence();
    }

    @Test
    void shouldGiveUpALargeBacklogBitByBit() {
        trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_least_once\"}");
        catalog.pipeInput("function/w/f", (byte[]) null);
        for (int i = 0; i < 1_200; i++) {
            set("k" + i, i);
        }
        pass(24 * 3_600_000 + 2_000);
        pass(20);
        pass(20);
        nothingIsLeft();
        silence();
    }

    @Test
    void shouldLeaveTriggersWithoutGuaranteesAsTheyAre() {
        trigger("state", "{\"scope\":\"s\",\"delivery\":\"at_most_once\"}");
        set("k", 1);
        RoutedCall call = attempt();
        assertThat(call.origin()).isNull();
        assertThat(call.call().reply()).isFalse();
        assertThat(driver.getKeyValueStore(KeeperStore.JOBS.storeName()).approximateNumEntries()).isZero();
    }
}
