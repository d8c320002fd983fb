package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.stream.PayloadForm;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.PushCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of what happens in groups (spec: stream.md 5.4, 5.6.5, 5.7). */
class StreamSubscribersTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final long NOW = 1_700_000_000_000L;
    private static final String GROUP = "\"stream_name\":\"s/1\",\"group_id\":\"g\"";

    private static final StreamSettings SETTINGS =
            new StreamSettings(16 << 20, ReplaySettings.DEFAULT, PayloadForm.BOTH, true);

    @TempDir
    private Path directory;

    private final Catalog catalog = new Catalog();
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, catalog, List.of(new StreamRoom(SETTINGS))), properties);
        put(gateway("one", List.of(3)), 1);
        put(gateway("two", List.of(5, 6)), 2);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static CatalogEntry.Gateway gateway(String id, List<Integer> slots) {
        return new CatalogEntry.Gateway(id, 1, slots, "h:1", "v", 0, 0, 0, 6000, false, null);
    }

    private void put(CatalogEntry entry, long offset) {
        catalog.apply(entry.key(), EntryCodec.encode(entry), offset);
    }

    /** Runs a command; gives all that is written to {@code results}: frames and, if somebody waits, the answer. */
    private List<TestRecord<byte[], byte[]>> run(String function, String data, boolean reply) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, reply, "w", null, null, NOW + 1);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "k".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, 1), 0, 0), NOW);
        driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), NOW));
        return driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private String join(String gateway, String subscription, String more) {
        return text(run(
                        StreamRoom.JOIN,
                        "{" + GROUP + ",\"gateway\":\"" + gateway + "\",\"connection\":\"1\",\"subscription_id\":\""
                                + subscription + "\",\"snapshot\":true" + more + "}",
                        true)
                .getFirst());
    }

    private void leave(String gateway, String subscription) {
        run(
                StreamRoom.LEAVE,
                "{" + GROUP + ",\"gateway\":\"" + gateway + "\",\"connection\":\"1\",\"subscription_id\":\""
                        + subscription + "\"}",
                false);
    }

    private List<TestRecord<byte[], byte[]>> set(int value) {
        return run("stream::set", "{" + GROUP + ",\"item_id\":\"i\",\"data\":" + value + "}", false);
    }

    private static String text(TestRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    private static String origin(TestRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader(HeaderNames.ORIGIN).value(), UTF_8);
    }

    @Test
    void shouldTellOnlyGatewaysThatJoinedTheGroup() {
        assertThat(set(1)).isEmpty();
        join("two", "a", "");
        run(StreamRoom.JOIN, "{\"stream_name\":\"s\",\"group_id\":\"1/g\",\"gateway\":\"one\",\"connection\":\"1\","
                + "\"subscription_id\":\"a\"}", true);

        List<TestRecord<byte[], byte[]>> told = set(2);

        assertThat(told).extracting(StreamSubscribersTest::origin).containsExactly("two/5/0");
        assertThat(text(told.getFirst())).isEqualTo("{\"type\":\"stream\",\"timestamp\":" + (NOW + 2)
                + ",\"streamName\":\"s/1\",\"groupId\":\"g\",\"id\":\"i\",\"event\":{\"type\":\"update\",\"data\":2}}");
        assertThat(PushCodec.position(told.getFirst().headers())).isEqualTo(new PushCodec.Position(2, true));
    }

    @Test
    void shouldAnswerAJoinWithASnapshotBetweenTheEventsBeforeAndAfter() {
        set(1);
        assertThat(join("one", "a", "")).isEqualTo("{\"timestamp\":" + (NOW + 1) + ",\"offset\":1,\"data\":[1]}");
        assertThat(join("one", "b", ",\"item_id\":\"i\""))
                .isEqualTo("{\"timestamp\":" + (NOW + 2) + ",\"offset\":1,\"data\":1}");
        assertThat(join("one", "c", ",\"item_id\":\"none\"")).endsWith("\"data\":null}");
        assertThat(text(set(2).getFirst())).contains("\"timestamp\":" + (NOW + 4));
    }

    @Test
    void shouldSayWhereInTheLogASubscriptionBegins() {
        set(1);
        set(2);
        assertThat(join("one", "a", ",\"from\":\"earliest\""))
                .isEqualTo("{\"timestamp\":" + (NOW + 2) + ",\"offset\":2,\"first\":1,\"data\":[2]}");
        assertThat(join("one", "b", ",\"from\":{\"offset\":3}")).contains("\"first\":3");
        assertThat(join("one", "c", ",\"from\":{\"timestamp\":" + (NOW + 1) + "}")).contains("\"first\":2");
        leave("one", "a");
        leave("one", "b");
        leave("one", "c");
    }

    @Test
    void shouldTellWhoListens() {
        join("one", "a", ",\"context\":{\"user\":1}");
        join("two", "b", "");
        assertThat(text(run("stream::presence", "{" + GROUP + "}", true).getFirst()))
                .isEqualTo("{\"subscriptions\":2,\"contexts\":[{\"user\":1},null]}");
        leave("one", "a");
        assertThat(text(run("stream::presence", "{" + GROUP + "}", true).getFirst()))
                .isEqualTo("{\"subscriptions\":1,\"contexts\":[null]}");
    }

    @Test
    void shouldTellTriggersThatDoNotSayWhatIsConfigured() {
        put(new CatalogEntry.Trigger(
                null, "t", "stream", "on-change", "default", null, "default",
                RawJson.of("{\"stream_name\":\"s/1\"}"), null), 3);
        set(1);
        assertThat(text(driver.createOutputTopic(
                                TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readRecord()))
                .contains("\"streamName\":\"s/1\"", "\"event_type\":\"create\",\"stream_name\":\"s/1\"");
    }

    @Test
    void shouldSubscribeNobodyWhoseOffsetDoesNotExist() {
        set(1);
        assertThat(join("one", "a", ",\"from\":{\"offset\":3},\"on_gap\":\"sync\""))
                .isEqualTo("{\"code\":\"OFFSET_OUT_OF_RANGE\",\"message\":\"Offset 3 cannot be read: earliest 1, latest 1\","
                        + "\"earliest\":1,\"latest\":1}");
        assertThat(set(2)).isEmpty();
    }

    @Test
    void shouldTellAGatewayUntilItsLastSubscriptionLeaves() {
        join("one", "a", "");
        join("one", "b/c", "");
        leave("one", "a");
        assertThat(set(1)).hasSize(1);
        leave("one", "b/c");
        assertThat(set(2)).isEmpty();
    }

    @Test
    void shouldTellAGatewayWhereItWasReachedLastUntilItHasSlotsAgain() {
        join("one", "a", "");
        put(gateway("one", List.of()), 3);
        assertThat(set(1)).extracting(StreamSubscribersTest::origin).containsExactly("one/3/0");
        put(gateway("one", List.of(2)), 4);
        assertThat(set(2)).extracting(StreamSubscribersTest::origin).containsExactly("one/2/0");
        put(gateway("one", List.of()), 5);
        assertThat(set(3)).extracting(StreamSubscribersTest::origin).containsExactly("one/2/0");
    }

    @Test
    void shouldTellNothingToAGatewayThatHasNeverHadASlot() {
        put(gateway("one", List.of()), 3);
        join("one", "a", "");
        assertThat(set(1)).isEmpty();
    }

    @Test
    void shouldSayWhereAnEventStandsThatIsNotLogged() {
        join("one", "a", "");
        set(1);
        TestRecord<byte[], byte[]> frame = run(
                        "stream::send", "{" + GROUP + ",\"type\":\"t\",\"data\":1,\"durable\":false}", false)
                .getFirst();
        assertThat(PushCodec.position(frame.headers())).isEqualTo(new PushCodec.Position(1, false));
    }

    @Test
    void shouldCallLeaveTriggersForWhatADeadGatewayLeftBehind() {
        put(new CatalogEntry.Trigger(
                null, "t", "stream:leave", "on-leave", "default", null, "default", RawJson.of("{}"), null), 3);
        put(new CatalogEntry.Trigger(
                null, "u", "stream:leave", "other", "default", null, "default",
                RawJson.of("{\"stream_name\":\"x\"}"), null), 4);
        join("one", "a", ",\"item_id\":\"i\",\"context\":{\"user\":1}");
        join("two", "b", "");
        String depart = "{\"gateway\":\"one\"}";

        run(StreamRoom.DEPART, depart, true);
        assertThat(set(1)).as("it lives").hasSize(2);
        catalog.apply(gateway("one", List.of()).key(), null, 5);
        run(StreamRoom.DEPART, depart, true);
        run(StreamRoom.DEPART, depart, true);
        assertThat(join("two", "b", ",\"again\":true")).doesNotContain("forgotten");
        assertThat(join("one", "z", ",\"again\":true")).contains("\"forgotten\":true");
        leave("one", "z");

        assertThat(set(2)).extracting(StreamSubscribersTest::origin).containsExactly("two/5/0");
        assertThat(driver.createOutputTopic(
                                TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readRecordsToList())
                .extracting(StreamSubscribersTest::text)
                .containsExactly("{\"subscription_id\":\"a\",\"stream_name\":\"s/1\",\"group_id\":\"g\",\"id\":\"i\","
                        + "\"context\":{\"user\":1}}");
    }
}
