package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.job.LateStore;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.queue.QueueRoom;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** A keeper without Kafka whose triggers call the function {@code f} of a worker, and a clock that stands. */
final class TriggerRig implements AutoCloseable {

    private static final Topics TOPICS = new Topics("iii.");
    static final int RECORD = 1 << 20;
    static final long START = 1_700_000_000_000L;
    static final String RETRY = ",\"delivery\":\"at_least_once\",\"include_meta\":true";

    private final Catalog known = new Catalog();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commands;
    private final TestInputTopic<String, byte[]> catalog;
    private final TestOutputTopic<byte[], byte[]> calls;
    private final TestOutputTopic<byte[], byte[]> deliveries;
    private final TestOutputTopic<byte[], byte[]> results;
    private long nowMs = START;

    TriggerRig(Path directory) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.keeperApplication());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                KeeperTopology.build(
                        TOPICS,
                        known,
                        List.of(
                                new StateRoom(StateSettings.DEFAULT),
                                new StreamRoom(StreamSettings.DEFAULT),
                                new QueueRoom()),
                        FiringSpans.NONE,
                        JobWatch.NONE,
                        new FiringLimit(RECORD)),
                properties,
                Instant.ofEpochMilli(START));
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        catalog = driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
        calls = driver.createOutputTopic(
                TOPICS.invocations(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deliveries = driver.createOutputTopic(
                TOPICS.deliveries(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        results = driver.createOutputTopic(
                TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        put(new CatalogEntry.Gateway("g", 1, List.of(0), "h:1", "1", 0, 0, 0, 1_000, false, null));
        put(new CatalogEntry.Worker(
                "w", "g", "default", true, "w", null, null, null, null, null, null, null, null, 0, "", "l"));
        serve("f");
    }

    /** As the keeper knows it. */
    Catalog known() {
        return known;
    }

    void put(CatalogEntry entry) {
        catalog.pipeInput(entry.key(), EntryCodec.encode(entry));
    }

    void serve(String function) {
        put(new CatalogEntry.Function("w", "default", function, null, null, null, null));
    }

    void trigger(String type, String config) {
        put(new CatalogEntry.Trigger(
                "w", "t", type, "f", "default", null, "default", RawJson.of(config), RawJson.of("{\"m\":1}")));
    }

    /** A command of a worker. */
    void run(String function, String data) {
        run(function, data, false);
    }

    /** A command of a worker that waits for the outcome: the result, or the error. */
    JsonNode ask(String function, String data) {
        run(function, data, true);
        TestRecord<byte[], byte[]> record = results.readRecord();
        Outcome outcome = OutcomeCodec.decode(record.headers(), record.value()).outcome();
        return OutcomeCodec.value(outcome) == null ? NullNode.getInstance() : RawJson.of(OutcomeCodec.value(outcome)).toTree();
    }

    private void run(String function, String data, boolean reply) {
        Call call = new Call("i", function, "default", RawJson.of(data), null, reply, "w", null, null, nowMs + 1);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("t", null, null, new RoutedCall(call, new Origin("g", 4, 1), 1, 0), nowMs);
        commands.pipeInput(new TestRecord<>(new byte[0], record.value(), record.headers(), nowMs));
    }

    void set(String key, int value) {
        run("state::set", "{\"scope\":\"s\",\"key\":\"" + key + "\",\"value\":" + value + "}");
    }

    /** The next call that was caused, of those that nobody waits for before the others. */
    RoutedCall attempt() {
        return deliveries.isEmpty() ? routed() : call(delivery());
    }

    /** The next call that went straight to a gateway. */
    TestRecord<byte[], byte[]> delivery() {
        return deliveries.readRecord();
    }

    /** The next call that was left to the router. */
    RoutedCall routed() {
        return call(calls.readRecord());
    }

    static RoutedCall call(TestRecord<byte[], byte[]> record) {
        return CallCodec.decode(record.headers(), record.value());
    }

    /** All that a delivery stands for. */
    static List<RoutedCall> calls(TestRecord<byte[], byte[]> delivery) {
        return CallCodec.decodeAll(delivery.headers(), delivery.value());
    }

    void silence() {
        assertThat(isSilent()).isTrue();
    }

    static JsonNode data(RoutedCall attempt) {
        return attempt.call().data().toTree();
    }

    void answer(RoutedCall attempt, Outcome outcome, String source) {
        RecordHeaders headers = new RecordHeaders(
                OutcomeCodec.headers(attempt.call(), attempt.origin(), outcome, source, nowMs));
        commands.pipeInput(new TestRecord<>(
                attempt.call().invocationId().getBytes(UTF_8), OutcomeCodec.value(outcome), headers, nowMs));
    }

    void succeed(RoutedCall attempt) {
        answer(attempt, Outcome.NO_VALUE, "/workers/w");
    }

    void fail(RoutedCall attempt) {
        answer(attempt, new Outcome.Failure(new ErrorBody("boom", "no luck")), "/workers/w");
    }

    /** Lets the time pass. */
    void pass(long ms) {
        nowMs += ms;
        driver.advanceWallClockTime(Duration.ofMillis(ms));
    }

    /** Has the commands come that were written so long ago, when no keeper ran. */
    void catchUp(long ms, Runnable commands) {
        nowMs -= ms;
        commands.run();
        nowMs += ms;
    }

    void nothingIsLeft() {
        try (KeyValueIterator<String, byte[]> left = jobs().all()) {
            assertThat(left).toIterable().extracting(each -> each.key).isSubsetOf("number");
        }
    }

    /** Nobody serves the function any more. */
    void leave() {
        catalog.pipeInput("function/w/f", (byte[]) null);
    }

    void remove(String catalogKey) {
        catalog.pipeInput(catalogKey, (byte[]) null);
    }

    void fail(RoutedCall attempt, String code) {
        answer(attempt, new Outcome.Failure(new ErrorBody(code, "no luck")), "/workers/w");
    }

    long nowMs() {
        return nowMs;
    }

    boolean isSilent() {
        return calls.isEmpty() && deliveries.isEmpty();
    }

    /** How many entries the store of jobs has, about. */
    long stored() {
        return jobs().approximateNumEntries();
    }

    private KeyValueStore<String, byte[]> jobs() {
        return ((LateStore) driver.getStateStore(KeeperStore.JOBS.storeName())).stored();
    }

    @Override
    public void close() {
        driver.close();
    }
}
