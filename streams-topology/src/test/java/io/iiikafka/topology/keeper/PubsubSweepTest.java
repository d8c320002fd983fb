package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.pubsub.PubsubRoom;
import io.iiikafka.topology.keeper.pubsub.PubsubSettings;
import io.iiikafka.topology.keeper.pubsub.PubsubWatch;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.KeeperStore;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
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

/** What pub/sub keeps, and what it lets go of by itself, without Kafka, on a clock that the test moves. */
class PubsubSweepTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final int HOUR_MS = 3_600_000;

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> commands;
    private TestInputTopic<String, byte[]> catalog;
    private TestOutputTopic<byte[], byte[]> results;
    private TestOutputTopic<byte[], byte[]> calls;
    private long nowMs = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();

    @BeforeEach
    void open() {
        open(HOUR_MS);
    }

    private void open(long keptMs) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("kept-" + keptMs).toString());
        PubsubRoom room = new PubsubRoom(new PubsubSettings(keptMs, 100_000, 100_000, 1_000_000), PubsubWatch.NONE);
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(room)), properties, Instant.ofEpochMilli(nowMs));
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        catalog = driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        calls = driver.createOutputTopic(TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        results = driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        put(new CatalogEntry.Gateway("g", 1, List.of(0), "h:1", "1", 0, 0, 0, 1_000, false, null));
        put(new CatalogEntry.Worker(
                "w", "g", "default", true, "w", null, null, null, null, null, null, null, null, 0, "", "l"));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void put(CatalogEntry entry) {
        catalog.pipeInput(entry.key(), EntryCodec.encode(entry));
    }

    private void subscribe(String config) {
        put(new CatalogEntry.Trigger(
                "w", "s", "subscribe", "f", "default", null, "default", RawJson.of(config), RawJson.of("{}")));
    }

    private String ask(String function, String data) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, nowMs + 1);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("t", null, null, new RoutedCall(call, new Origin("g", 4, 1), 1, 0), nowMs);
        commands.pipeInput(new TestRecord<>(new byte[0], record.value(), record.headers(), nowMs));
        TestRecord<byte[], byte[]> answer = results.readRecord();
        Outcome outcome = OutcomeCodec.decode(answer.headers(), answer.value()).outcome();
        return outcome instanceof Outcome.Success success ? String.valueOf(success.value()) : outcome.toString();
    }

    private String publish(String topic) {
        return ask("publish", "{\"topic\":\"" + topic + "\",\"data\":1,\"ack\":true}");
    }

    private void pass(long ms) {
        for (long left = ms; left > 0; left -= 60_000) {
            nowMs += 60_000;
            driver.advanceWallClockTime(Duration.ofMinutes(1));
        }
    }

    private List<String> stored(KeeperStore store) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> found =
                driver.<String, byte[]>getKeyValueStore(store.storeName()).all()) {
            found.forEachRemaining(each -> keys.add(each.key));
        }
        return keys;
    }

    @Test
    void shouldRemoveEventsThatAreNotKeptWhenNothingIsPublishedAnyMore() {
        for (int i = 0; i < 1_200; i++) {
            publish(i % 100 == 0 ? "rare" : "t");
        }
        pass(HOUR_MS / 2);
        assertThat(stored(KeeperStore.PUBSUB_LOG)).hasSize(1_200);
        pass(HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_LOG)).isEmpty();
        assertThat(ask("engine::pubsub::topics", "{}")).contains("\"published\":1188", "\"published\":12");
        assertThat(publish("t")).contains("\"offset\":1189,");
        assertThat(ask("engine::pubsub::peek", "{\"topic\":\"t\"}")).contains("\"offset\":1189,");
    }

    @Test
    void shouldForgetATopicAfterADayUnlessATriggerNamesIt() {
        subscribe("{\"topics\":[\"named\",\"other\"]}");
        publish("named");
        publish("t");
        pass(23L * HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).containsExactly("topic/named", "topic/t");
        pass(2L * HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).containsExactly("forgotten", "topic/named");
        assertThat(publish("t")).as("an offset never comes again").contains("\"offset\":2,");
        assertThat(ask("engine::pubsub::topics", "{}")).contains("\"name\":\"t\",\"subscriber_count\":0,\"published\":1,");
    }

    @Test
    void shouldForgetASubscriptionThatIsAwayForADay() {
        publish("t");
        subscribe("{\"topic\":\"t\",\"from\":\"earliest\"}");
        ask(LookAround.ID, "{}");
        pass(HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).containsExactly("start/id/s", "topic/t");
        catalog.pipeInput("trigger/w/s", (byte[]) null);
        pass(20L * HOUR_MS);
        subscribe("{\"topic\":\"t\",\"from\":\"earliest\"}");
        pass(HOUR_MS);
        catalog.pipeInput("trigger/w/s", (byte[]) null);
        pass(20L * HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).contains("start/id/s");
        pass(6L * HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).containsExactly("forgotten");
    }

    @Test
    void shouldTellASubscriptionThatBeginsInThePastAtOnceWhenNothingIsKept() {
        driver.close();
        open(0);
        subscribe("{\"topic\":\"t\",\"from\":\"earliest\"}");
        assertThat(publish("t")).contains("\"subscribers\":1");
    }

    @Test
    void shouldKeepAnOffsetOfATopicThatWasForgottenForLateSubscribers() {
        publish("t");
        publish("t");
        pass(26L * HOUR_MS);

        publish("t");
        subscribe("{\"topic\":\"t\",\"from\":{\"offset\":3}}");
        ask(LookAround.ID, "{}");

        assertThat(calls.readRecordsToList()).hasSize(1);
    }

    @Test
    void shouldTellEachRegistrationOfTheRetainedEventOnce() {
        ask("publish", "{\"topic\":\"t\",\"data\":1,\"retain\":true}");
        publish("t");
        pass(26L * HOUR_MS);

        subscribe("{\"topic\":\"t\",\"from\":\"retained\"}");
        ask(LookAround.ID, "{}");
        ask(LookAround.ID, "{}");
        assertThat(told()).containsExactly("1");

        subscribe("{\"topics\":[\"t\",\"u\"],\"from\":\"retained\"}");
        ask(LookAround.ID, "{}");
        assertThat(told()).as("it is registered anew").containsExactly("1");
    }

    @Test
    void shouldNotTellWhatIsRetainedAfterWhatCameLater() {
        ask("publish", "{\"topic\":\"t\",\"data\":1,\"retain\":true}");
        subscribe("{\"topic\":\"t\",\"from\":\"retained\"}");
        ask("publish", "{\"topic\":\"t\",\"data\":2,\"retain\":true}");
        ask(LookAround.ID, "{}");
        assertThat(told()).containsExactly("2");
    }

    @Test
    void shouldRetainNothingMoreAfterAnEventWithoutDataOrWhenItsTimeIsOver() {
        ask("publish", "{\"topic\":\"t\",\"data\":1,\"retain\":true}");
        ask("publish", "{\"topic\":\"t\",\"data\":null,\"retain\":true}");
        ask("publish", "{\"topic\":\"u\",\"data\":1,\"retain\":true,\"ttl_ms\":60000}");
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).contains("retained/u").doesNotContain("retained/t");
        pass(2L * HOUR_MS);
        assertThat(stored(KeeperStore.PUBSUB_NOTES)).doesNotContain("retained/u");

        subscribe("{\"topics\":[\"t\",\"u\"],\"from\":\"retained\"}");
        ask(LookAround.ID, "{}");
        assertThat(told()).isEmpty();
    }

    private List<String> told() {
        return calls.readRecordsToList().stream().map(call -> new String(call.value(), UTF_8)).toList();
    }
}
