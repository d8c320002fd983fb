package io.iiikafka.topology.router;

import static io.iiikafka.topology.catalog.CatalogFixture.function;
import static io.iiikafka.topology.catalog.CatalogFixture.gateway;
import static io.iiikafka.topology.catalog.CatalogFixture.worker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
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
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTopologyTest {

    private static final Topics TOPICS = new Topics("iii.");

    private final FakeScan scan = new FakeScan();
    private final TopologyTestDriver driver =
            new TopologyTestDriver(RouterTopology.build(TOPICS, new Catalog(), scan, () -> true, RouteSpans.NONE), new Properties());
    private final TestInputTopic<String, byte[]> catalog =
            driver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
    private final TestInputTopic<byte[], byte[]> invocations =
            driver.createInputTopic(TOPICS.invocations(), new ByteArraySerializer(), new ByteArraySerializer());
    private final TestOutputTopic<byte[], byte[]> deliveries = driver.createOutputTopic(
            TOPICS.deliveries(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final TestOutputTopic<byte[], byte[]> results =
            driver.createOutputTopic(TOPICS.results(), new ByteArrayDeserializer(), new ByteArrayDeserializer());

    /** What a look into the topics would find. */
    private static final class FakeScan implements AlreadyRouted.Scan {
        private long end;
        private Set<Long> routed = Set.of();

        @Override
        public long endOf(int partition) {
            return end;
        }

        @Override
        public Set<Long> routedFrom(int partition, long offset, long timestampMs) {
            return routed;
        }
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void put(CatalogEntry entry) {
        catalog.pipeInput(entry.key(), EntryCodec.encode(entry));
    }

    private void call(Call call, String gateway, long position, int hops) {
        RoutedCall routed = new RoutedCall(call, new Origin(gateway, 4, 1), position, hops);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode(TOPICS.invocations(), routed, 1);
        invocations.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), 1L));
    }

    private static Call add(boolean reply) {
        return new Call(
                "i", "math::add", "default", RawJson.of("{}"), null, reply, "w", null, null, Long.MAX_VALUE / 10);
    }

    private String routedTo() {
        TestRecord<byte[], byte[]> delivery = deliveries.readRecord();
        return new String(delivery.headers().lastHeader("iii_routed_from").value(), UTF_8);
    }

    @Test
    void shouldDeliverACallToAGatewayOfItsWorkerWithItsPayloadUntouched() {
        put(gateway("g", 2));
        put(worker("c1", "g", "math"));
        put(function("c1", "math::add"));

        call(add(true), "other", 3, 0);

        TestRecord<byte[], byte[]> delivery = deliveries.readRecord();
        assertThat(delivery.value()).isEqualTo("{}".getBytes(UTF_8));
        assertThat(CallCodec.decode(delivery.headers(), delivery.value()).call()).isEqualTo(add(true));
        assertThat(new String(delivery.headers().lastHeader("iii_routed_from").value(), UTF_8)).isEqualTo("0:0");
        assertThat(results.isEmpty()).isTrue();
    }

    @Test
    void shouldAnswerFunctionNotFoundToTheOriginOfASynchronousCall() {
        put(gateway("g", 2));

        call(add(true), "g", 1, 0);

        TestRecord<byte[], byte[]> answer = results.readRecord();
        OutcomeCodec.Addressed read = OutcomeCodec.decode(answer.headers(), answer.value());
        assertThat(read.origin()).isEqualTo(new Origin("g", 4, 1));
        assertThat(((Outcome.Failure) read.outcome()).error().code()).isEqualTo("function_not_found");
        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void shouldSayNothingWhenAVoidCallFindsNoFunction() {
        call(add(false), "g", 0, 0);

        assertThat(results.isEmpty()).isTrue();
        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void shouldIgnoreCallsOfOtherApplicationsThatAreNotJson() {
        put(gateway("g", 2));
        put(worker("c1", "g", "math"));
        put(function("c1", "math::add"));

        foreign("hello", "{}");
        foreign("{\"_caller_worker_id\"", "{}");
        foreign("1", "{\"a\":1},\"b\":2");
        foreign("2", "{}");

        assertThat(deliveries.readRecord().value()).isEqualTo("2".getBytes(UTF_8));
        assertThat(deliveries.isEmpty()).isTrue();
    }

    private void foreign(String value, String metadata) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_type", "math::add".getBytes(UTF_8));
        headers.add("iii_metadata", metadata.getBytes(UTF_8));
        invocations.pipeInput(new TestRecord<>("k".getBytes(UTF_8), value.getBytes(UTF_8), headers, 1L));
    }

    @Test
    void shouldDropCallsWhoseDeadlineHasPassed() {
        put(gateway("g", 2));
        put(worker("c1", "g", "math"));
        put(function("c1", "math::add"));

        call(new Call("i", "math::add", "default", null, null, true, null, null, null, 1), "g", 0, 0);

        assertThat(deliveries.isEmpty()).isTrue();
    }

    @Test
    void shouldLeaveOutWhatWasRoutedBeforeATakeOver() {
        put(gateway("g", 2));
        put(worker("c1", "g", "math"));
        put(function("c1", "math::add"));
        scan.routed = Set.of(0L);
        scan.end = 2;
        try (TopologyTestDriver takeOver =
                new TopologyTestDriver(RouterTopology.build(TOPICS, new Catalog(), scan, () -> true, RouteSpans.NONE), new Properties())) {
            TestInputTopic<String, byte[]> entries =
                    takeOver.createInputTopic(TOPICS.catalog(), new StringSerializer(), new ByteArraySerializer());
            for (CatalogEntry entry : List.of(gateway("g", 2), worker("c1", "g", "m"), function("c1", "math::add"))) {
                entries.pipeInput(entry.key(), EntryCodec.encode(entry));
            }
            TestInputTopic<byte[], byte[]> calls = takeOver.createInputTopic(
                    TOPICS.invocations(), new ByteArraySerializer(), new ByteArraySerializer());
            for (long offset = 0; offset < 3; offset++) {
                ProducerRecord<byte[], byte[]> record =
                        CallCodec.encode("t", new RoutedCall(add(true), new Origin("g", 0, offset), 0, 0), 1);
                calls.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), 1L));
            }
            TestOutputTopic<byte[], byte[]> delivered = takeOver.createOutputTopic(
                    TOPICS.deliveries(), new ByteArrayDeserializer(), new ByteArrayDeserializer());

            assertThat(delivered.readRecordsToList().stream()
                            .map(each -> new String(each.headers().lastHeader("iii_routed_from").value(), UTF_8)))
                    .containsExactly("0:1", "0:2");
        }
    }

    @Test
    void shouldSeeAWorkerLeave() {
        put(gateway("g", 2));
        put(worker("c1", "g", "math"));
        put(function("c1", "math::add"));
        call(add(true), "g", 0, 0);
        assertThat(routedTo()).isEqualTo("0:0");

        catalog.pipeInput(EntryKey.worker("c1"), (byte[]) null);
        call(add(true), "g", 0, 0);

        assertThat(deliveries.isEmpty()).isTrue();
        assertThat(results.isEmpty()).isFalse();
    }

    @Test
    void shouldSetWhatDecidesLatency(@TempDir Path directory) {
        Properties properties = Router.properties(
                TOPICS, new RouterSettings(Map.of("bootstrap.servers", "x:1"), 1, directory, null));

        assertThat(properties)
                .containsEntry("producer.linger.ms", 0)
                .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, "at_least_once")
                .containsEntry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0)
                .containsEntry(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true)
                .containsEntry("main.consumer.session.timeout.ms", 6_000);
        assertThat(new StreamsConfig(properties).getProducerConfigs("c")).containsEntry("linger.ms", 0);
    }
}
