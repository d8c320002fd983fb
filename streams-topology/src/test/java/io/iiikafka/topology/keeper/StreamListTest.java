package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
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
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long groups are listed page by page, as they were at the first page. */
class StreamListTest {

    private static final Topics TOPICS = new Topics("iii.");
    private static final String GROUP = "\"stream_name\":\"s\",\"group_id\":\"g\"";

    @TempDir
    private Path directory;

    private final Room room = new StreamRoom(StreamSettings.DEFAULT);
    private TopologyTestDriver driver;
    private long now = 1_700_000_000_000L;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(room)), properties);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private RawJson answer(String function, String data) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "k".getBytes(UTF_8),
                new RoutedCall(call(function, data), new Origin("g", 4, 1), 0, 0), now);
        driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
        TestRecord<byte[], byte[]> answer = driver.createOutputTopic(
                        TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecord();
        Outcome outcome = OutcomeCodec.decode(answer.headers(), answer.value()).outcome();
        return requireNonNull(((Outcome.Success) outcome).value());
    }

    private Call call(String function, String data) {
        return new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, now + 1);
    }

    private void set(int item, String value) {
        now++;
        answer("stream::set", "{" + GROUP + ",\"item_id\":\"i-" + item + "\",\"data\":" + value + "}");
    }

    private Placement.Listing listing(String more) {
        KeeperFunction list = room.functions().stream()
                .filter(function -> function.id().equals("stream::list"))
                .findFirst()
                .orElseThrow();
        return (Placement.Listing) list.placement(call("stream::list", "{" + GROUP + more + "}"));
    }

    /** All pages; {@code between} is done after the first. */
    private List<RawJson> pages(Placement.Listing listing, String more, Runnable between) {
        List<RawJson> rows = new ArrayList<>();
        Page page = requireNonNull(Page.of(answer(listing.partFunction(), "{" + GROUP + more + "}")));
        rows.add(page.rows());
        between.run();
        while (page.next() != null) {
            page = requireNonNull(Page.of(answer(listing.nextFunction(), "{\"cursor\":\"" + page.next() + "\"}")));
            rows.add(page.rows());
        }
        return rows;
    }

    @Test
    void shouldListALongGroupAsItWasAtTheFirstPageInTheOrderOfCreation() {
        for (int i = 999; i >= 0; i--) {
            set(i, Integer.toString(i));
        }
        Placement.Listing listing = listing("");

        List<RawJson> pages = pages(listing, "", () -> {
            set(5, "\"changed\"");
            set(1_000, "\"new\"");
            answer("stream::delete", "{" + GROUP + ",\"item_id\":\"i-700\"}");
        });

        assertThat(pages).hasSizeGreaterThan(3);
        JsonNode list = listing.merge().merge(pages).toTree();
        assertThat(list).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(list.get(i).intValue()).isEqualTo(999 - i);
        }
        assertThat(answer("stream::list", "{" + GROUP + "}").toTree()).hasSize(1_000).last().hasToString("\"new\"");
    }

    @Test
    void shouldGiveOutOnlyTheFirstItemsWhenTheListIsLimited() {
        for (int i = 4_999; i >= 0; i--) {
            set(i, Integer.toString(i));
        }
        String more = ",\"after\":\"i-4990\",\"limit\":3";
        Placement.Listing listing = listing(more);

        List<RawJson> pages = pages(listing, more, () -> {});

        assertThat(pages).hasSize(3); // of 2,000 items looked at each
        assertThat(pages.getFirst()).hasToString("[]");
        assertThat(listing.merge().merge(pages)).hasToString("[4989,4988,4987]");
    }

    @Test
    void shouldForgetAListWhenItIsClosedOrLeft() {
        for (int i = 0; i < 300; i++) {
            set(i, "1");
        }
        Placement.Listing listing = listing("");
        Page closed = requireNonNull(Page.of(answer(listing.partFunction(), "{" + GROUP + "}")));
        answer(listing.nextFunction(), "{\"cursor\":\"" + closed.next() + "\",\"close\":true}");
        Page left = requireNonNull(Page.of(answer(listing.partFunction(), "{" + GROUP + "}")));
        now += 61_000;

        assertThat(Page.of(answer(listing.nextFunction(), "{\"cursor\":\"" + closed.next() + "\"}"))).isNull();
        assertThat(Page.of(answer(listing.nextFunction(), "{\"cursor\":\"" + left.next() + "\"}"))).isNull();
    }
}
