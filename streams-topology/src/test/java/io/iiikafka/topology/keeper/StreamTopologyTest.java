package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
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
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streams of one partition (spec: stream.md 3, 5.7, 13.1). */
class StreamTopologyTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(new StreamRoom(StreamSettings.DEFAULT))),
                properties);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private String answer(String function, String data, long at) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, at + 1);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "k".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, 1), 0, 0), at);
        driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), at));
        TestRecord<byte[], byte[]> answer = output(TOPICS.results()).readRecord();
        return switch (OutcomeCodec.decode(answer.headers(), answer.value()).outcome()) {
            case Outcome.Success success -> String.valueOf(success.value());
            case Outcome.Failure failure -> failure.error().code();
        };
    }

    private String answer(String function, String members) {
        return answer("stream::" + function, "{\"stream_name\":\"a/b\",\"group_id\":\"g%\"" + members + "}", NOW);
    }

    private List<TestRecord<byte[], byte[]>> log() {
        return output(TOPICS.streamEvents()).readRecordsToList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void shouldLogEveryChangeAndEventInOrderWithRisingTimestamps() {
        answer("set", ",\"item_id\":\"t/1\",\"data\":{\"n\":1}");
        answer("update", ",\"item_id\":\"t/1\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":2}]");
        answer("send", ",\"type\":\"typing\",\"data\":7");
        answer("delete", ",\"item_id\":\"t/1\"");

        List<TestRecord<byte[], byte[]>> log = log();
        assertThat(log).extracting(each -> text(each.key())).containsOnly("a%2Fb/g%25");
        String names = "\"streamName\":\"a/b\",\"groupId\":\"g%\",";
        String actor = "\"actor\":{\"worker_id\":\"w\"}}";
        assertThat(log)
                .extracting(each -> text(each.value()))
                .containsExactly(
                        "{\"offset\":1,\"timestamp\":" + NOW + "," + names
                                + "\"id\":\"t/1\",\"event\":{\"type\":\"create\",\"data\":{\"n\":1}},\"event_id\":\"0:0\"," + actor,
                        "{\"offset\":2,\"timestamp\":" + (NOW + 1) + "," + names
                                + "\"id\":\"t/1\",\"event\":{\"type\":\"update\",\"data\":{\"n\":3}},\"event_id\":\"0:1\"," + actor,
                        "{\"offset\":3,\"timestamp\":" + (NOW + 2) + "," + names
                                + "\"id\":null,\"event\":{\"type\":\"event\",\"event\":{\"type\":\"typing\",\"data\":7}},"
                                + "\"event_id\":\"0:2\"," + actor,
                        "{\"offset\":4,\"timestamp\":" + (NOW + 3) + "," + names
                                + "\"id\":\"t/1\",\"event\":{\"type\":\"delete\",\"data\":{\"n\":3}},\"event_id\":\"0:3\"," + actor);
        assertThat(log).extracting(TestRecord::timestamp).containsExactly(NOW, NOW + 1, NOW + 2, NOW + 3);
    }

    @Test
    void shouldKeepItemsInALogOfPlainTextAndJson() {
        answer("set", ",\"item_id\":\"t/1\",\"data\":{ \"n\" : 5.0 }");
        answer("delete", ",\"item_id\":\"t/1\"");

        List<TestRecord<byte[], byte[]>> log =
                output(TOPICS.changelog(KeeperStore.STREAMS)).readRecordsToList();
        assertThat(log).extracting(each -> text(each.key())).containsExactly("a%2Fb/g%25/t/1", "a%2Fb/g%25/t/1");
        assertThat(text(log.get(0).value())).isEqualTo("{ \"n\" : 5.0 }");
        assertThat(text(log.get(0).headers().lastHeader(HeaderNames.OFFSET).value())).isEqualTo("1");
        assertThat(log.get(1).value()).isNull();
    }

    @Test
    void shouldKeepTheOrderOfCreationWhenItemsAreOverwritten() {
        answer("set", ",\"item_id\":\"z\",\"data\":1");
        answer("set", ",\"item_id\":\"a\",\"data\":2");
        answer("set", ",\"item_id\":\"z\",\"data\":3");
        assertThat(answer("list", "")).isEqualTo("[3,2]");
        answer("delete", ",\"item_id\":\"z\"");
        answer("set", ",\"item_id\":\"z\",\"data\":4");
        assertThat(answer("list", "")).isEqualTo("[2,4]");
    }

    @Test
    void shouldReportNothingWhenAMissingItemIsDeleted() {
        assertThat(answer("delete", ",\"item_id\":\"x\"")).isEqualTo("{\"old_value\":null}");
        assertThat(log()).isEmpty();
    }

    @Test
    void shouldNotGoBackInTimeWhenTheWallClockDoes() {
        answer("set", ",\"item_id\":\"x\",\"data\":1");
        answer("stream::set", "{\"stream_name\":\"a/b\",\"group_id\":\"g%\",\"item_id\":\"x\",\"data\":2}", NOW - 9_000);
        assertThat(log()).extracting(TestRecord::timestamp).containsExactly(NOW, NOW + 1);
    }

    @Test
    void shouldLogNeitherSendsThatAskForThatNorTheEnginesOwnFeeds() {
        answer("send", ",\"type\":\"t\",\"data\":1,\"durable\":false");
        answer("stream::send", "{\"stream_name\":\"iii:devtools:x\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}", NOW);
        answer("set", ",\"item_id\":\"x\",\"data\":1");

        List<TestRecord<byte[], byte[]>> log = log();
        assertThat(log).hasSize(1);
        assertThat(text(log.getFirst().value())).startsWith("{\"offset\":1,\"timestamp\":" + (NOW + 1));
    }

    @Test
    void shouldLogALongEventWithoutItsData() {
        answer("set", ",\"item_id\":\"x\",\"data\":\"" + "x".repeat(1 << 20) + "\"");
        assertThat(text(log().getFirst().value()))
                .contains("\"event\":{\"type\":\"create\"}")
                .endsWith(",\"truncated\":true}");
    }

    @Test
    void shouldNameOnlyGroupsThatHoldItems() {
        answer("set", ",\"item_id\":\"x\",\"data\":null");
        answer("stream::set", "{\"stream_name\":\"a\",\"group_id\":\"b/g\",\"item_id\":\"x\",\"data\":1}", NOW);
        answer("stream::send", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}", NOW);

        assertThat(answer("iii::stream::groups_part", "{\"stream_name\":\"a/b\"}", NOW)).contains("[[\"a/b\",\"g%\"]]");
        assertThat(answer("iii::stream::groups_part", "{\"stream_name\":\"a\"}", NOW)).contains("[[\"a\",\"b/g\"]]");
        answer("delete", ",\"item_id\":\"x\"");
        assertThat(answer("iii::stream::all_part", "{}", NOW)).contains("[[\"a\",\"b/g\"]]");
    }

    @Test
    void shouldRefuseWhatDoesNotFitAndChangeNothing() {
        assertThat(answer("set", ",\"item_id\":\"x\"")).isEqualTo("deserialization_error");
        assertThat(answer("set", ",\"item_id\":5,\"data\":1")).isEqualTo("deserialization_error");
        assertThat(answer("update", ",\"item_id\":\"x\",\"ops\":{}")).isEqualTo("deserialization_error");
        assertThat(answer("send", ",\"data\":1")).isEqualTo("deserialization_error");
        assertThat(answer("set", ",\"item_id\":\"x\",\"data\":\"" + "x".repeat(17 << 20) + "\""))
                .isEqualTo("payload_too_large");
        assertThat(log()).isEmpty();
        assertThat(answer("list", "")).isEqualTo("[]");
    }

    @Test
    void shouldKeepNoTopicsThatThePlanDoesNotKnow() {
        answer("set", ",\"item_id\":\"x\",\"data\":1");
        Set<String> known = new TreeSet<>(Set.of(TOPICS.results(), TOPICS.streamEvents()));
        for (KeeperStore store : KeeperStore.values()) {
            known.add(TOPICS.changelog(store));
        }
        assertThat(known).containsAll(driver.producedTopicNames());
    }

    @Test
    void shouldWriteOnlyToTheVersionThatTheCallerRead() {
        assertThat(answer("set", ",\"item_id\":\"i\",\"data\":1,\"if_version\":0,\"include_offset\":true"))
                .isEqualTo("{\"old_value\":null,\"new_value\":1,\"offset\":1,\"timestamp\":" + NOW + "}");
        assertThat(answer("set", ",\"item_id\":\"i\",\"data\":2,\"if_version\":0")).isEqualTo("VERSION_MISMATCH");
        assertThat(answer("set", ",\"item_id\":\"i\",\"data\":2,\"if_version\":1")).contains("\"new_value\":2");
        assertThat(answer("delete", ",\"item_id\":\"i\",\"if_version\":1")).isEqualTo("VERSION_MISMATCH");
        assertThat(answer("delete", ",\"item_id\":\"i\",\"if_version\":2")).isEqualTo("{\"old_value\":2}");
        assertThat(answer("send", ",\"type\":\"t\",\"data\":1,\"include_offset\":true"))
                .isEqualTo("{\"offset\":4,\"timestamp\":" + (NOW + 3) + "}");
        assertThat(log()).hasSize(4);
    }

    @Test
    void shouldDoWhatIsRepeatedOnce() {
        String first = answer("send", ",\"type\":\"t\",\"data\":1,\"include_offset\":true,\"idempotency_key\":\"k\"");
        assertThat(answer("send", ",\"type\":\"t\",\"data\":1,\"include_offset\":true,\"idempotency_key\":\"k\""))
                .isEqualTo(first);
        assertThat(log()).hasSize(1);
    }

    @Test
    void shouldUpdateAllOrNothingAndOnlyWhatIsThere() {
        String bad = ",\"ops\":[{\"type\":\"set\",\"path\":\"a\",\"value\":1},"
                + "{\"type\":\"increment\",\"path\":\"a\",\"by\":1},{\"type\":\"append\",\"path\":\"a\",\"value\":1}]";
        assertThat(answer("update", ",\"item_id\":\"i\",\"create\":\"never\"" + bad)).isEqualTo("NOT_FOUND");
        assertThat(answer("update", ",\"item_id\":\"i\",\"create\":\"x\"" + bad)).isEqualTo("deserialization_error");
        assertThat(answer("update", ",\"item_id\":\"i\",\"all_or_nothing\":true" + bad))
                .startsWith("{\"old_value\":null,\"new_value\":null,\"errors\":[");
        assertThat(answer("get", ",\"item_id\":\"i\"")).isEqualTo("null");
        assertThat(log()).isEmpty();
    }

    @Test
    void shouldListWithIdsPageByPageAndClearInThatOrder() {
        for (String item : List.of("b", "a", "x", "c")) {
            answer("set", ",\"item_id\":\"" + item + "\",\"data\":\"" + item + "\"");
        }
        assertThat(answer("list", ",\"include_ids\":true,\"limit\":1"))
                .isEqualTo("[{\"id\":\"b\",\"value\":\"b\",\"version\":1,\"offset\":1}]");
        assertThat(answer("list", ",\"after\":\"a\"")).isEqualTo("[\"x\",\"c\"]");
        assertThat(answer("list", ",\"prefix\":\"x\"")).isEqualTo("[\"x\"]");
        log();
        assertThat(answer("clear", "")).isEqualTo("{\"deleted\":4}");
        assertThat(answer("list", "")).isEqualTo("[]");
        assertThat(log()).extracting(each -> text(each.value()))
                .allMatch(event -> event.contains("\"type\":\"delete\""))
                .extracting(event -> event.replaceAll(".*\"id\":\"(.)\".*", "$1"))
                .containsExactly("b", "a", "x", "c");
    }

    @Test
    void shouldTakeOperationsForOps() {
        String operations = ",\"operations\":[{\"type\":\"set\",\"path\":\"\",\"value\":1}]";
        assertThat(answer("update", ",\"item_id\":\"x\"" + operations)).contains("\"new_value\":1");
        assertThat(answer("transact", ",\"writes\":[{\"op\":\"update\",\"item_id\":\"y\"" + operations + "}]"))
                .contains("\"new_value\":1");
        assertThat(answer("update", ",\"item_id\":\"x\"")).isEqualTo("deserialization_error");
    }
}
