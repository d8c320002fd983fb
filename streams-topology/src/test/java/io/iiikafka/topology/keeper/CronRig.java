package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.cron.CronRoom;
import io.iiikafka.topology.keeper.cron.CronWatch;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** A keeper without Kafka that runs schedules, and a clock that stands until it is moved. */
final class CronRig implements AutoCloseable {

    /** The beginning of a configuration: more members follow, and the end. */
    static final String EVERY_SECOND = "{\"expression\":\"* * * * * *\"";

    static final String EVERY_MINUTE = "{\"expression\":\"0 * * * * *\"";

    /** 2026-01-31T23:59:30.400Z */
    static final long START = Instant.parse("2026-01-31T23:59:30.400Z").toEpochMilli();

    private static final Topics TOPICS = new Topics("iii.");
    private static final List<KeeperStore> STORES = List.of(KeeperStore.CRON, KeeperStore.CRON_HISTORY);

    private final Path directory;
    private final CronWatch watch;
    private final Map<String, CatalogEntry> entries = new TreeMap<>();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> commands;
    private TestInputTopic<String, byte[]> catalog;
    private TestOutputTopic<byte[], byte[]> calls;
    private TestOutputTopic<byte[], byte[]> results;
    long nowMs = START;

    CronRig(Path directory) {
        this(directory, CronWatch.NONE);
    }

    CronRig(Path directory, CronWatch watch) {
        this.directory = directory;
        this.watch = watch;
        open();
        put(new CatalogEntry.Gateway("g", 1, List.of(0), "h:1", "1", 0, 0, 0, 1_000, false, null));
        worker("w", "w");
    }

    private void open() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(TOPICS, new Catalog(), List.of(new CronRoom(1, watch))),
                properties,
                Instant.ofEpochMilli(nowMs));
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        catalog = driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        calls = driver.createOutputTopic(
                TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        results = driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Another process takes the partition over, after a time in which none had it. */
    void handOver(long awayMs) {
        Map<KeeperStore, Map<String, byte[]>> kept = new TreeMap<>();
        for (KeeperStore store : STORES) {
            Map<String, byte[]> all = kept.computeIfAbsent(store, none -> new TreeMap<>());
            try (KeyValueIterator<String, byte[]> found =
                    driver.<String, byte[]>getKeyValueStore(store.storeName()).all()) {
                found.forEachRemaining(each -> all.put(each.key, each.value));
            }
        }
        driver.close();
        nowMs += awayMs;
        open();
        entries.values().forEach(each -> catalog.pipeInput(each.key(), EntryCodec.encode(each)));
        kept.forEach((store, all) -> {
            KeyValueStore<String, byte[]> opened = driver.getKeyValueStore(store.storeName());
            all.forEach(opened::put);
        });
    }

    void put(CatalogEntry entry) {
        entries.put(entry.key(), entry);
        catalog.pipeInput(entry.key(), EntryCodec.encode(entry));
    }

    void remove(String key) {
        entries.remove(key);
        catalog.pipeInput(key, (byte[]) null);
    }

    void worker(String connection, String name) {
        put(new CatalogEntry.Worker(
                connection, "g", "default", true, name, null, null, null, null, null, null, null, null, 0, "", "l"));
    }

    /** Registers a trigger of the connection that calls {@code f}, and nudges the keeper. */
    void trigger(String connection, String id, String config) {
        put(new CatalogEntry.Trigger(
                connection, id, "cron", "f", "default", null, "default", RawJson.of(config), RawJson.of("{\"m\":1}")));
        nudge();
    }

    void unregister(String connection, String id) {
        remove("trigger/" + connection + "/" + id);
        nudge();
    }

    /** As gateways do when something is registered. */
    void nudge() {
        command(LookAround.ID, "{}");
        if (!results.isEmpty()) {
            results.readRecord();
        }
        pass(20);
    }

    /** As {@link #nudge()}, by a gateway whose clock is ahead. */
    void nudgeAhead(long ms) {
        nowMs += ms;
        command(LookAround.ID, "{}");
        nowMs -= ms;
        results.readRecord();
        pass(20);
    }

    private void command(String function, String data) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, true, "w", null, null, nowMs + 1);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("t", null, null, new RoutedCall(call, new Origin("g", 4, 1), 1, 0), nowMs);
        commands.pipeInput(new TestRecord<>(new byte[0], record.value(), record.headers(), nowMs));
    }

    /** The answer of a function, or the error's code. */
    String ask(String function, String data) {
        command(function, data);
        TestRecord<byte[], byte[]> answer = results.readRecord();
        return switch (OutcomeCodec.decode(answer.headers(), answer.value()).outcome()) {
            case Outcome.Success success -> String.valueOf(success.value());
            case Outcome.Failure failure -> failure.error().code() + ": " + failure.error().message();
        };
    }

    /** Lets the time pass, in small steps. */
    void pass(long ms) {
        long left = ms;
        while (left > 0) {
            long step = Math.min(left, 20);
            nowMs += step;
            driver.advanceWallClockTime(Duration.ofMillis(step));
            left -= step;
        }
    }

    /** Lets a long time pass in one step. */
    void leap(long ms) {
        nowMs += ms;
        driver.advanceWallClockTime(Duration.ofMillis(ms));
    }

    void passTo(String time) {
        pass(Instant.parse(time).toEpochMilli() - nowMs);
    }

    /** What was called since this was asked last. */
    List<RoutedCall> calls() {
        List<RoutedCall> all = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : calls.readRecordsToList()) {
            all.add(CallCodec.decode(record.headers(), record.value()));
        }
        return all;
    }

    /** The ticks of the calls, without their date where it is the first of February. */
    List<String> ticks() {
        return calls().stream().map(CronRig::tick).toList();
    }

    static String tick(RoutedCall call) {
        return data(call).get("scheduled_time").asText().replace("2026-02-01T", "").replace("+00:00", "");
    }

    static JsonNode data(RoutedCall call) {
        return call.call().data().toTree();
    }

    void answer(RoutedCall call, Outcome outcome, String source) {
        RecordHeaders headers =
                new RecordHeaders(OutcomeCodec.headers(call.call(), call.origin(), outcome, source, nowMs));
        commands.pipeInput(new TestRecord<>(
                call.call().invocationId().getBytes(UTF_8), OutcomeCodec.value(outcome), headers, nowMs));
    }

    void succeed(RoutedCall call) {
        answer(call, Outcome.NO_VALUE, "/workers/w");
    }

    void fail(RoutedCall call) {
        answer(call, new Outcome.Failure(new ErrorBody("boom", "no luck")), "/workers/w");
    }

    /** The keys that are stored. */
    List<String> stored(KeeperStore store) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> found =
                driver.<String, byte[]>getKeyValueStore(store.storeName()).all()) {
            found.forEachRemaining(each -> keys.add(each.key));
        }
        return keys;
    }

    @Override
    public void close() {
        driver.close();
    }
}
