package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.stream.PayloadForm;
import io.iiikafka.topology.keeper.stream.ReplayRule;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs of groups (spec: stream.md 13.1, 13.3). */
class StreamLogTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY = 86_400_000;
    private static final ReplaySettings REPLAY = new ReplaySettings(
            new ReplayRule(true, 7 * DAY, 100, 1 << 20),
            List.of(
                    new ReplaySettings.Named("short*", new ReplayRule(true, 0, 5, 50)),
                    new ReplaySettings.Named("hour", new ReplayRule(true, DAY / 24, 0, 50)),
                    new ReplaySettings.Named("off", new ReplayRule(false, 0, 0, 0))),
            30 * DAY);

    private static final StreamSettings SETTINGS = new StreamSettings(1 << 20, REPLAY, PayloadForm.FRAME, false);

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;
    private long now = NOW;
    private int number;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(new StreamRoom(SETTINGS))),
                properties);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void send(String function, String data) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, now + 1);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "k".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, ++number), 0, 0), now);
        driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
    }

    /** With the number of the command that each belongs to. */
    private Map<Long, Outcome> answers() {
        TestOutputTopic<byte[], byte[]> results =
                driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<Long, Outcome> answers = new LinkedHashMap<>();
        results.readRecordsToList().forEach(answer -> {
            OutcomeCodec.Addressed decoded = OutcomeCodec.decode(answer.headers(), answer.value());
            answers.put(decoded.origin().number(), decoded.outcome());
        });
        return answers;
    }

    private String answer(String function, String stream, String members) {
        send("stream::" + function, "{\"stream_name\":\"" + stream + "\",\"group_id\":\"g\"" + members + "}");
        return switch (answers().values().iterator().next()) {
            case Outcome.Success success -> String.valueOf(success.value());
            case Outcome.Failure failure -> failure.error().code() + " " + failure.error().message();
        };
    }

    private JsonNode json(String function, String stream, String members) {
        return RawJson.of(answer(function, stream, members)).toTree();
    }

    private void set(String stream, String item, String data) {
        answer("set", stream, ",\"item_id\":\"" + item + "\",\"data\":" + data);
    }

    private List<Integer> offsets(String stream, String members) {
        List<Integer> offsets = new ArrayList<>();
        json("read", stream, members).path("events").forEach(event -> offsets.add(event.path("offset").intValue()));
        return offsets;
    }

    @Test
    void shouldReadWhatIsAskedFor() {
        for (int i = 1; i <= 10; i++) {
            now = NOW + 1_000 * i;
            set("s", i % 2 == 0 ? "even" : "odd", "" + i);
        }
        answer("send", "s", ",\"type\":\"t\",\"data\":0");

        assertThat(offsets("s", ",\"limit\":3")).containsExactly(1, 2, 3);
        assertThat(offsets("s", ",\"from\":{\"offset\":10}")).containsExactly(10, 11);
        assertThat(offsets("s", ",\"from\":{\"last\":2}")).containsExactly(10, 11);
        assertThat(offsets("s", ",\"from\":{\"timestamp\":" + (NOW + 8_500) + "}")).containsExactly(9, 10, 11);
        assertThat(offsets("s", ",\"from\":\"latest\"")).isEmpty();
        assertThat(offsets("s", ",\"from\":{\"offset\":3},\"to\":{\"offset\":5}")).containsExactly(3, 4, 5);
        assertThat(offsets("s", ",\"to\":{\"timestamp\":" + (NOW + 2_000) + "}")).containsExactly(1, 2);
        assertThat(offsets("s", ",\"item_id\":\"odd\"")).containsExactly(1, 3, 5, 7, 9);
        assertThat(offsets("s", ",\"types\":[\"create\",\"event\"]")).containsExactly(1, 2, 11);
        assertThat(offsets("s", ",\"order\":\"desc\",\"limit\":2")).containsExactly(11, 10);
        assertThat(json("read", "s", ",\"limit\":3").toString())
                .endsWith("\"next_offset\":4,\"earliest_offset\":1,\"latest_offset\":11,\"end\":false}");
        assertThat(json("read", "s", ",\"from\":{\"offset\":12}").toString())
                .isEqualTo("{\"events\":[],\"next_offset\":12,\"earliest_offset\":1,\"latest_offset\":11,\"end\":true}");
        assertThat(answer("read", "s", ",\"from\":{\"offset\":13}")).startsWith("OFFSET_OUT_OF_RANGE");
        assertThat(answer("read", "s", ",\"from\":{\"offset\":1,\"last\":1}")).startsWith("deserialization_error");
        assertThat(answer("read", "unknown", ""))
                .isEqualTo("{\"events\":[],\"next_offset\":1,\"earliest_offset\":1,\"latest_offset\":0,\"end\":true}");
        assertThat(answer("read", "off", "")).startsWith("REPLAY_DISABLED");
    }

    @Test
    void shouldKeepToTheBytesThatMayBeReadAtOnce() {
        for (int i = 0; i < 10; i++) {
            set("s", "i", "\"" + "x".repeat(500) + "\"");
        }
        assertThat(offsets("s", ",\"max_bytes\":1500")).containsExactly(1, 2);
        set("s", "i", "\"" + "x".repeat(5_000) + "\"");
        assertThat(offsets("s", ",\"from\":{\"offset\":11},\"max_bytes\":1500")).containsExactly(11);
    }

    @Test
    void shouldKeepNoMoreEventsThanARuleSaysAndNoLongerData() {
        for (int i = 1; i <= 8; i++) {
            set("shorter", "i", "" + i);
        }
        set("shorter", "i", "\"" + "x".repeat(50) + "\"");

        assertThat(offsets("shorter", "")).containsExactly(5, 6, 7, 8, 9);
        assertThat(answer("read", "shorter", ",\"from\":{\"offset\":4}"))
                .isEqualTo("OFFSET_OUT_OF_RANGE Offset 4 cannot be read: earliest 5, latest 9");
        assertThat(offsets("shorter", ",\"from\":{\"offset\":4},\"on_gap\":\"earliest\"")).startsWith(5);
        assertThat(answer("read", "shorter", ",\"from\":{\"offset\":9}"))
                .contains("\"event\":{\"type\":\"update\"},").contains("\"truncated\":true");
        assertThat(answer("get", "shorter", ",\"item_id\":\"i\"")).hasSize(52);
        KeyValueStore<String, byte[]> log = driver.getKeyValueStore(KeeperStore.STREAM_LOG.storeName());
        assertThat(log.approximateNumEntries()).isEqualTo(5);
    }

    @Test
    void shouldForgetWhatIsTooOldAlsoWhereNothingHappensAnyMore() {
        set("s", "i", "1");
        now = NOW + 3 * DAY;
        set("s", "i", "2");
        now = NOW + 8 * DAY;
        assertThat(offsets("s", "")).containsExactly(2);
        assertThat(json("offsets", "s", ",\"timestamp\":0").toString())
                .isEqualTo("{\"earliest_offset\":2,\"latest_offset\":2,\"earliest_timestamp\":" + (NOW + 3 * DAY)
                        + ",\"latest_timestamp\":" + (NOW + 3 * DAY) + ",\"offset_at\":2}");

        now = NOW + 20 * DAY;
        for (int i = 0; i < 64; i++) {
            answer("get", "elsewhere", ",\"item_id\":\"i\"");
        }
        KeyValueStore<String, byte[]> log = driver.getKeyValueStore(KeeperStore.STREAM_LOG.storeName());
        assertThat(log.approximateNumEntries()).isZero();
        KeyValueStore<String, byte[]> notes = driver.getKeyValueStore(KeeperStore.STREAM_NOTES.storeName());
        assertThat(notes.approximateNumEntries()).isZero();
        set("s", "i", "3");
        assertThat(offsets("s", "")).containsExactly(3);
    }

    @Test
    void shouldForgetWhatIsTooOldAsFastAsNewGroupsCome() {
        for (int i = 0; i < 640; i++) {
            now = i < 320 ? NOW : NOW + DAY / 8;
            send("stream::send", "{\"stream_name\":\"hour\",\"group_id\":\"g" + i + "\",\"type\":\"t\",\"data\":1}");
        }
        KeyValueStore<String, byte[]> log = driver.getKeyValueStore(KeeperStore.STREAM_LOG.storeName());
        assertThat(log.approximateNumEntries()).isEqualTo(320);
        KeyValueStore<String, byte[]> notes = driver.getKeyValueStore(KeeperStore.STREAM_NOTES.storeName());
        assertThat(notes.approximateNumEntries()).isEqualTo(320);
    }

    /** 13.4: what comes back after that time is another group, which begins anew. */
    @Test
    void shouldForgetAConsumerGroupThatWasNotUsedForLong() {
        JsonNode first = defineConsumers();
        assertThat(first.get("created").booleanValue()).isTrue();
        now = NOW + 29 * DAY;
        assertThat(defineConsumers().get("created").booleanValue()).isFalse();
        now += 29 * DAY;
        assertThat(defineConsumers().get("group")).as("used in between").isEqualTo(first.get("group"));
        now += 31 * DAY;
        JsonNode other = defineConsumers();
        assertThat(other.get("created").booleanValue()).isTrue();
        assertThat(other.get("group")).isNotEqualTo(first.get("group"));
    }

    /** 13.4, guarantee 5: a partition may not have heard of it. */
    @Test
    void shouldAskForTheDeletionOfAnUnusedConsumerGroupUntilAllHaveDeletedIt() {
        String id = defineConsumers().at("/group/id").toString();
        String group = "{\"stream_name\":\"s\",\"consumer_group\":\"c\",\"id\":" + id + "}";

        assertThat(deletionsAfter(Duration.ofMinutes(1))).isOne();
        send("iii::stream::consumer_delete", group);
        assertThat(deletionsAfter(Duration.ofHours(2))).isOne();

        send("iii::stream::consumer_forget", group);
        assertThat(deletionsAfter(Duration.ofHours(2))).isZero();
    }

    private long deletionsAfter(Duration time) {
        driver.advanceWallClockTime(time);
        return driver.createOutputTopic(TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .stream()
                .filter(call -> new String(call.headers().lastHeader("ce_type").value(), UTF_8)
                        .equals("stream::delete_consumer_group"))
                .count();
    }

    private JsonNode defineConsumers() {
        send("iii::stream::consumer_define", "{\"stream_name\":\"s\",\"consumer_group\":\"c\"}");
        Outcome outcome = answers().values().iterator().next();
        assertThat(outcome).isInstanceOf(Outcome.Success.class);
        return RawJson.of(String.valueOf(((Outcome.Success) outcome).value())).toTree();
    }

    @Test
    void shouldTellWhatItemsWereAfterEveryEventOfARandomHistory() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Map<String, String>> history = new ArrayList<>(List.of(new LinkedHashMap<>()));
        Map<String, String> items = new LinkedHashMap<>();
        while (history.size() < 90) {
            String item = "i" + random.nextInt(5);
            if (random.nextInt(3) > 0) {
                String value = "" + random.nextInt(100);
                set("s", item, value);
                items.put(item, value);
            } else if (items.remove(item) != null) {
                answer("delete", "s", ",\"item_id\":\"" + item + "\"");
            } else {
                continue;
            }
            history.add(new LinkedHashMap<>(items));
        }
        for (int offset = 0; offset < history.size(); offset++) {
            Map<String, String> then = new LinkedHashMap<>();
            json("get_at", "s", ",\"offset\":" + offset)
                    .path("values")
                    .forEach(each -> then.put(each.path("id").textValue(), each.path("value").toString()));
            assertThat(List.copyOf(then.entrySet()))
                    .as("seed %d, offset %d", seed, offset)
                    .isEqualTo(List.copyOf(history.get(offset).entrySet()));
            JsonNode one = json("get_at", "s", ",\"item_id\":\"i0\",\"offset\":" + offset);
            assertThat(one.path("exists").booleanValue()).isEqualTo(history.get(offset).containsKey("i0"));
        }
        assertThat(answer("get_at", "s", ",\"offset\":90")).startsWith("OFFSET_OUT_OF_RANGE");
        assertThat(answer("get_at", "s", "")).startsWith("deserialization_error");
    }

    @Test
    void shouldSayWhenHistoryDoesNotReachBack() {
        set("short", "old", "1");
        set("short", "other", "1");
        for (int i = 0; i < 6; i++) {
            set("short", "i", "" + i);
        }
        assertThat(answer("get_at", "short", ",\"item_id\":\"old\",\"offset\":4"))
                .isEqualTo("{\"value\":1,\"exists\":true,\"offset\":4}");
        assertThat(answer("get_at", "short", ",\"item_id\":\"old\",\"offset\":2")).startsWith("OFFSET_OUT_OF_RANGE");
        assertThat(answer("get_at", "short", ",\"item_id\":\"i\",\"offset\":3")).startsWith("OFFSET_OUT_OF_RANGE");
    }

    @Test
    void shouldTellWhatItemsWereAtATime() {
        for (int i = 1; i <= 5; i++) {
            now = NOW + 1_000 * i;
            set("s", "a", "" + i);
        }
        set("s", "b", "6");
        assertThat(answer("get_at", "s", ",\"item_id\":\"a\",\"timestamp\":" + (NOW + 3_999)))
                .isEqualTo("{\"value\":3,\"exists\":true,\"offset\":3}");
        assertThat(answer("get_at", "s", ",\"timestamp\":" + (NOW + 1_000)))
                .isEqualTo("{\"values\":[{\"id\":\"a\",\"value\":1}],\"offset\":1}");
        assertThat(answer("get_at", "s", ",\"timestamp\":" + NOW)).isEqualTo("{\"values\":[],\"offset\":0}");
        assertThat(answer("get_at", "s", ",\"offset\":1,\"timestamp\":1")).startsWith("deserialization_error");
    }

    @Test
    void shouldAnswerWhoWaitsForAnEventWhenItComes() {
        send("iii::stream::wait", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"offset\":1}");
        send("iii::stream::wait", "{\"stream_name\":\"s\",\"group_id\":\"other\",\"offset\":1}");
        assertThat(answers()).isEmpty();
        send("stream::send", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}");
        assertThat(answers()).containsOnlyKeys(1L, 3L);
        send("iii::stream::wait", "{\"stream_name\":\"s\",\"group_id\":\"g\",\"offset\":1}");
        assertThat(answers()).containsOnlyKeys(4L);
    }
}
