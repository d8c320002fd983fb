package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
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
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTopologyTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final long NOW = 1_700_000_000_000L;

    private final List<TopologyTestDriver> drivers = new ArrayList<>();

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;
    private long number;

    @BeforeEach
    void start() {
        driver = driver();
    }

    private TopologyTestDriver driver() {
        return driver(StateSettings.DEFAULT);
    }

    private TopologyTestDriver driver(StateSettings settings) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("" + drivers.size()).toString());
        TopologyTestDriver started = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(new StateRoom(settings))), properties);
        drivers.add(started);
        return started;
    }

    @AfterEach
    void close() {
        drivers.forEach(TopologyTestDriver::close);
    }

    private static Call call(String function, String data) {
        return new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, NOW + 1);
    }

    private void run(Call call) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "s".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, ++number), 0, 0), NOW);
        commands(driver).pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), NOW));
    }

    private static TestInputTopic<byte[], byte[]> commands(TopologyTestDriver driver) {
        return driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private String answer(String function, String data) {
        run(call(function, data));
        TestRecord<byte[], byte[]> answer = output(TOPICS.results()).readRecord();
        OutcomeCodec.Addressed read = OutcomeCodec.decode(answer.headers(), answer.value());
        assertThat(read.origin()).isEqualTo(new Origin("g", 4, number));
        return switch (read.outcome()) {
            case Outcome.Success success -> String.valueOf(success.value());
            case Outcome.Failure failure -> failure.error().code();
        };
    }

    @Test
    void shouldKeepValuesInALogOfPlainTextAndJson() {
        answer("state::set", "{\"scope\":\"a/b%\",\"key\":\"c/d\",\"value\":{ \"n\" : 5.0 }}");
        answer("state::set", "{\"scope\":\"a/b%\",\"key\":\"c/d\",\"value\":[1]}");
        answer("state::delete", "{\"scope\":\"a/b%\",\"key\":\"c/d\"}");

        List<TestRecord<byte[], byte[]>> log =
                output(TOPICS.changelog(KeeperStore.STATE)).readRecordsToList();
        assertThat(log).extracting(each -> new String(each.key(), UTF_8)).containsOnly("a%2Fb%25/c/d").hasSize(3);
        assertThat(log.get(0).value()).isEqualTo("{ \"n\" : 5.0 }".getBytes(UTF_8));
        assertThat(header(log.get(0), HeaderNames.VERSION)).isEqualTo("1");
        assertThat(header(log.get(1), HeaderNames.VERSION)).isEqualTo("2");
        assertThat(header(log.get(1), HeaderNames.REVISION)).isEqualTo("2");
        assertThat(header(log.get(1), HeaderNames.ORDER)).isEqualTo(NOW + "000");
        assertThat(log.get(2).value()).isNull();
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void shouldKeepNoTopicsThatThePlanDoesNotKnow() {
        answer("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}");
        Set<String> known = new TreeSet<>(Set.of(TOPICS.results()));
        for (KeeperStore store : KeeperStore.values()) {
            known.add(TOPICS.changelog(store));
        }
        assertThat(known).containsAll(driver.producedTopicNames());
    }

    @Test
    void shouldNeitherRunNorAnswerWhatWasWrittenAfterItsDeadline() {
        run(new Call(
                "i",
                "state::set",
                "default",
                RawJson.of("{\"scope\":\"s\",\"key\":\"k\",\"value\":1}"),
                null,
                true,
                null,
                null,
                null,
                NOW - 1));
        assertThat(output(TOPICS.results()).isEmpty()).isTrue();
        assertThat(answer("state::get", "{\"scope\":\"s\",\"key\":\"k\"}")).isEqualTo("null");
    }

    @Test
    void shouldSkipWhatIsNoCommandAndGoOn() {
        TestInputTopic<byte[], byte[]> commands = commands(driver);
        commands.pipeInput("x".getBytes(UTF_8), "y".getBytes(UTF_8));
        assertThat(answer("state::get", "not json")).isEqualTo("deserialization_error");
        assertThat(answer("state::get", "{\"scope\":")).isEqualTo("deserialization_error");
        assertThat(answer("nobody::knows", "{}")).isEqualTo("function_not_found");
        assertThat(answer("state::list", "{\"scope\":\"s\"}")).isEqualTo("[]");
    }

    @Test
    void shouldSayNothingToVoidCalls() {
        run(new Call(
                "i",
                "state::set",
                "default",
                RawJson.of("{\"scope\":\"s\",\"key\":\"k\",\"value\":1}"),
                null,
                false,
                null,
                null,
                null,
                NOW + 1));
        assertThat(output(TOPICS.results()).isEmpty()).isTrue();
        assertThat(answer("state::get", "{\"scope\":\"s\",\"key\":\"k\"}")).isEqualTo("1");
    }

    @Test
    void shouldComeToTheSameWhenItsCommandsAreRunAgain() {
        String config = "{\"scope\":\"s\"}";
        List<String> first = replay(driver, config);
        List<String> again = replay(driver(), config);

        assertThat(first).hasSize(31).isEqualTo(again);
        assertThat(first).anyMatch(record -> record.contains("state:created"));
    }

    private static List<String> replay(TopologyTestDriver driver, String config) {
        TestInputTopic<String, byte[]> catalog =
                driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        CatalogEntry trigger = new CatalogEntry.Trigger(
                null, "t", "state", "f", "default", null, "default", RawJson.of(config), RawJson.of("{\"m\":1}"));
        catalog.pipeInput(trigger.key(), EntryCodec.encode(trigger));
        List<Call> calls = List.of(
                call("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}"),
                call("state::update", "{\"scope\":\"s\",\"key\":\"k\",\"ops\":[]}"),
                call("state::set", "{\"scope\":\"other\",\"key\":\"k\",\"value\":1}"),
                call("state::delete", "{\"scope\":\"s\",\"key\":\"k\"}"),
                call("state::delete", "{\"scope\":\"s\",\"key\":\"k\"}"),
                call("state::set", "{\"scope\":\"s\",\"key\":\"l\",\"value\":1}"),
                call("state::list", "{\"scope\":\"s\"}"));
        for (Call call : calls) {
            ProducerRecord<byte[], byte[]> record =
                    CallCodec.encode("t", null, null, new RoutedCall(call, new Origin("g", 4, 1), 1, 0), NOW);
            commands(driver).pipeInput(new TestRecord<>(new byte[0], record.value(), record.headers(), NOW));
        }
        List<String> written = new ArrayList<>();
        for (String topic : new TreeSet<>(driver.producedTopicNames())) {
            driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList()
                    .forEach(record -> written.add(topic + " " + text(record.key()) + " " + text(record.value()) + " "
                            + headers(record)));
        }
        return written;
    }

    private static List<String> headers(TestRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(header.key() + "=" + text(header.value())));
        return headers;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "none" : new String(bytes, UTF_8);
    }

    @Test
    void shouldFireTriggersIntoTheInvocationsWithTheirMetadataAndCondition() {
        TestInputTopic<String, byte[]> catalog =
                driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        CatalogEntry trigger = new CatalogEntry.Trigger(
                null,
                "t",
                "state",
                "f",
                "team",
                null,
                "default",
                RawJson.of("{\"key\":\"k\",\"condition_function_id\":\"c\"}"),
                RawJson.of("{\"m\":1}"));
        catalog.pipeInput(trigger.key(), EntryCodec.encode(trigger));
        answer("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}");

        TestRecord<byte[], byte[]> fired = output(TOPICS.invocations()).readRecord();
        RoutedCall call = CallCodec.decode(fired.headers(), fired.value());
        assertThat(new String(fired.key(), UTF_8)).isEqualTo("f");
        assertThat(call.condition()).isEqualTo("c");
        assertThat(call.origin()).isNull();
        assertThat(call.call().namespace()).isEqualTo("team");
        assertThat(call.call().metadata()).isEqualTo(RawJson.of("{\"m\":1}"));
        assertThat(call.call().callerWorkerId()).isNull();
        assertThat(call.call().reply()).isFalse();
    }

    @Test
    void shouldCallNothingWhenTriggersAreOff() {
        driver = driver(new StateSettings(List.of(), false, OptionalLong.empty(), false, 1 << 20));
        CatalogEntry trigger = new CatalogEntry.Trigger(
                null, "t", "state", "f", "default", null, "default", RawJson.EMPTY_OBJECT, null);
        driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(trigger.key(), EntryCodec.encode(trigger));
        assertThat(answer("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}")).contains("new_value");
        assertThat(output(TOPICS.invocations()).isEmpty()).isTrue();
    }

    @Test
    void shouldSetWhatDecidesLatencyAndSafety() {
        KeeperSettings settings =
                new KeeperSettings(Map.of("bootstrap.servers", "x:1"), List.of(), 1, 1, 32 << 20, 1 << 20, directory, null);
        try (StoreMemory memory = new StoreMemory(32 << 20)) {
            Properties properties = Keeper.properties(TOPICS, settings, memory);

            assertThat(properties)
                    .containsEntry("producer.linger.ms", 0)
                    .containsEntry("producer.transaction.timeout.ms", 5_000)
                    .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, "exactly_once_v2")
                    .containsEntry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100)
                    .containsEntry(StreamsConfig.POLL_MS_CONFIG, 25)
                    .containsEntry(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1)
                    .containsEntry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 4 * 1024 * 1024)
                    .containsEntry(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true)
                    .containsEntry("main.consumer.session.timeout.ms", 6_000);
            assertThat(new StreamsConfig(properties).getProducerConfigs("c")).containsEntry("linger.ms", 0);
        }
    }
}
