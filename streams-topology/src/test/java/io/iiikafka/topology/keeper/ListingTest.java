package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long lists, read in pages while the scope changes. */
class ListingTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final String PART = "state::list_part";

    @TempDir
    private Path directory;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> commands;
    private TestOutputTopic<byte[], byte[]> results;
    private final Map<String, Integer> model = new LinkedHashMap<>();
    private long nowMs = 1_700_000_000_000L;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(new StateRoom(StateSettings.DEFAULT))), properties);
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        results = driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private String answer(String function, String data) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, nowMs + 1);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "s".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, 1), 0, 0), nowMs);
        commands.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), nowMs));
        TestRecord<byte[], byte[]> answer = results.readRecord();
        Outcome outcome = OutcomeCodec.decode(answer.headers(), answer.value()).outcome();
        return String.valueOf(((Outcome.Success) outcome).value());
    }

    private void set(String key, int value) {
        answer("state::set", "{\"scope\":\"s\",\"key\":\"" + key + "\",\"value\":" + value + "}");
        model.put(key, value);
    }

    private void delete(String key) {
        answer("state::delete", "{\"scope\":\"s\",\"key\":\"" + key + "\"}");
        model.remove(key);
    }

    private Page page(String function, String data) {
        return Page.of(RawJson.of(answer(function, data)));
    }

    private Page next(Page page) {
        return page(Page.NEXT, "{\"cursor\":\"" + page.next() + "\"}");
    }

    private void fill(int keys) {
        for (int i = 0; i < keys; i++) {
            set("k" + i, i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldGiveTheScopeAsItWasWhenTheFirstPageWasAskedForWhateverChangesMeanwhile(long seed) {
        Random random = new Random(seed);
        fill(1_500);
        change(random, 500);
        List<String> expected = model.values().stream().map(String::valueOf).toList();
        List<String> listed = new ArrayList<>();

        Page page = page(PART, "{\"scope\":\"s\"}");
        page.rows().forEachElement(row -> listed.add(row.toString()));
        int pages = 1;
        while (page.next() != null) {
            change(random, 200);
            page = next(page);
            page.rows().forEachElement(row -> listed.add(row.toString()));
            pages++;
        }

        assertThat(listed).isEqualTo(expected);
        assertThat(pages).isGreaterThan(4);
        assertThat(answer("state::list", "{\"scope\":\"s\"}")).isEqualTo(model.values().toString().replace(" ", ""));
    }

    private void change(Random random, int times) {
        for (int i = 0; i < times; i++) {
            String key = "k" + random.nextInt(2_000);
            if (random.nextInt(3) == 0) {
                delete(key);
            } else {
                set(key, random.nextInt(1_000_000));
            }
        }
    }

    @Test
    void shouldReadNoMoreThanIsWanted() {
        fill(1_000);
        Page page = page(PART, "{\"scope\":\"s\",\"after\":\"k699\",\"limit\":3}");
        assertThat(page.rows()).hasToString("[700,701,702]");
        assertThat(page.next()).isNull();
        assertThat(answer("state::list", "{\"scope\":\"s\",\"prefix\":\"k99\",\"limit\":2}")).isEqualTo("[99,990]");
        assertThat(answer("state::list_keys", "{\"scope\":\"s\",\"after\":\"k998\"}")).isEqualTo("{\"keys\":[\"k999\"]}");
    }

    /** Who reads by parts, and removes what it has read, goes on where it was. */
    @Test
    void shouldGoOnAfterAKeyThatWasRemoved() {
        fill(5);
        set("k1", 10);
        delete("k1");
        delete("k2");
        assertThat(answer("state::list", "{\"scope\":\"s\",\"after\":\"k1\",\"limit\":1}")).isEqualTo("[3]");
        assertThat(answer("state::list_keys", "{\"scope\":\"s\",\"after\":\"k2\"}")).isEqualTo("{\"keys\":[\"k3\",\"k4\"]}");
        set("k2", 20);
        assertThat(answer("state::list_keys", "{\"scope\":\"s\",\"after\":\"k2\"}")).isEqualTo("{\"keys\":[]}");
        answer("state::set", "{\"scope\":\"s\",\"key\":\"due\",\"value\":1,\"ttl_ms\":1}");
        nowMs += 10;
        assertThat(answer("state::list_keys", "{\"scope\":\"s\",\"after\":\"due\"}")).isEqualTo("{\"keys\":[]}");
        assertThat(answer("state::list_keys", "{\"scope\":\"s\",\"after\":\"k9\"}"))
                .as("never there")
                .isEqualTo("{\"keys\":[\"k0\",\"k3\",\"k4\",\"k2\"]}");
    }

    @Test
    void shouldEndAPageThatFindsNothing() {
        fill(5_000);
        Page page = page(PART, "{\"scope\":\"s\",\"prefix\":\"k4999\"}");
        assertThat(page.rows()).hasToString("[]");
        page = next(next(page));
        assertThat(page.rows()).hasToString("[4999]");
        assertThat(page.next()).isNull();
    }

    @Test
    void shouldNotKnowAListingThatIsOverOrWasLeftAlone() {
        fill(600);
        Page closed = page(PART, "{\"scope\":\"s\"}");
        answer(Page.NEXT, "{\"cursor\":\"" + closed.next() + "\",\"close\":true}");
        assertThat(next(closed)).isNull();

        Page left = page(PART, "{\"scope\":\"s\"}");
        nowMs += 200_000;
        page(PART, "{\"scope\":\"s\"}");
        assertThat(next(left)).isNull();
    }
}
