package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/** A keeper of one partition whose commands are written at a time that the test sets. */
final class KeeperBench implements AutoCloseable {

    static final Topics TOPICS = new Topics("iii.");

    private final TopologyTestDriver driver;

    /** Epoch milliseconds of the next command. */
    long now = 1_700_000_000_000L;

    KeeperBench(Path directory) {
        this(directory, StateSettings.DEFAULT);
    }

    KeeperBench(Path directory, StateSettings settings) {
        this(directory, settings, StreamSettings.DEFAULT);
    }

    KeeperBench(Path directory, StateSettings settings, StreamSettings streams) {
        this(directory, List.of(new StateRoom(settings), new StreamRoom(streams)));
    }

    KeeperBench(Path directory, List<Room> rooms) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        this.driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), rooms), properties, Instant.ofEpochMilli(now));
    }

    /** The result, {@code null} when there is none, or the code of the error. */
    String answer(String function, String data) {
        return answer(function, data, null);
    }

    /** As {@link #answer(String, String)}, of a call with that baggage. */
    String answer(String function, String data, String baggage) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, baggage, now + 1);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(
                TOPICS.commands(), null, "s".getBytes(UTF_8), new RoutedCall(call, new Origin("g", 4, 1), 0, 0), now);
        driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), now));
        TestRecord<byte[], byte[]> answer = output(TOPICS.results()).readRecord();
        return switch (OutcomeCodec.decode(answer.headers(), answer.value()).outcome()) {
            case Outcome.Success success -> String.valueOf(success.value());
            case Outcome.Failure failure -> failure.error().code();
        };
    }

    /** Lets time pass, so that what is due is done. */
    void elapse(long ms) {
        now += ms;
        driver.advanceWallClockTime(Duration.ofMillis(ms));
    }

    /** Registers a trigger of state that calls the function {@code f}. */
    void trigger(String config) {
        trigger("state", config);
    }

    /** Registers a trigger of that type that calls the function {@code f}. */
    void trigger(String type, String config) {
        CatalogEntry trigger = new CatalogEntry.Trigger(
                null, "t", type, "f", "default", null, "default", RawJson.of(config), null);
        driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(trigger.key(), EntryCodec.encode(trigger));
    }

    /** Everything written and not read, topic by topic. */
    List<String> written() {
        List<String> written = new ArrayList<>();
        for (String topic : new TreeSet<>(driver.producedTopicNames())) {
            output(topic).readRecordsToList().forEach(record -> written.add(topic + " " + text(record)));
        }
        return written;
    }

    /** The calls that were made and not read. */
    List<String> fired() {
        return written().stream().filter(record -> record.startsWith(TOPICS.invocations() + " ")).toList();
    }

    /** The names of notes in that store which begin so. */
    List<String> notes(KeeperStore store, String prefix) {
        List<String> names = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> found = driver.<String, byte[]>getKeyValueStore(store.storeName())
                .prefixScan(prefix, new StringSerializer())) {
            found.forEachRemaining(note -> names.add(note.key));
        }
        return names;
    }

    private static String text(TestRecord<byte[], byte[]> record) {
        StringBuilder headers = new StringBuilder();
        record.headers().forEach(header -> headers.append(' ').append(header.key()).append('=').append(text(header.value())));
        return text(record.key()) + " " + text(record.value()) + headers;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "none" : new String(bytes, UTF_8);
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        driver.close();
    }
}
