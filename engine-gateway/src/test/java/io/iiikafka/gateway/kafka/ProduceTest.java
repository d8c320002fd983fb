package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kafka::produce}. */
class ProduceTest {

    @AutoClose
    private static TestEngine engine;

    private final String topic = "out-" + UUID.randomUUID();

    @AutoClose
    private final RawWorker worker = engine.worker("producer-" + topic);

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @BeforeEach
    void createTopic() throws Exception {
        try (Admin admin = TestBroker.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
    }

    private JsonNode produce(String members) {
        return worker.call("kafka::produce", "{\"topic\":\"" + topic + "\"" + members + "}");
    }

    private ConsumerRecord<byte[], byte[]> record(int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                TestBroker.clientProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition one = new TopicPartition(topic, partition);
            consumer.assign(List.of(one));
            consumer.seekToBeginning(List.of(one));
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(10));
            return records.records(one).getFirst();
        }
    }

    @Test
    void shouldWriteTheRecordAndSayWhere() {
        JsonNode answer = produce(",\"partition\":1,\"timestamp\":1700000000123,\"key\":\"k\",\"value\":{\"n\":1},"
                        + "\"headers\":{\"h\":\"x\",\"n\":7}")
                .get("result");
        assertThat(answer.toString())
                .isEqualTo("{\"topic\":\"" + topic + "\",\"partition\":1,\"offset\":0,\"timestamp\":1700000000123}");
        ConsumerRecord<byte[], byte[]> record = record(1);
        assertThat(record.key()).asString(UTF_8).isEqualTo("k");
        assertThat(record.value()).asString(UTF_8).isEqualTo("{\"n\":1}");
        assertThat(record.headers().lastHeader("h").value()).asString(UTF_8).isEqualTo("x");
        assertThat(record.headers().lastHeader("n").value()).asString(UTF_8).isEqualTo("7");
        assertThat(record.timestamp()).isEqualTo(1_700_000_000_123L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"string | \"plain\" | plain", "bytes | \"YWJj\" | abc", "json | \"quoted\" | \"quoted\""})
    void shouldWriteTheFormatOfTheValue(String format, String value, String written) {
        produce(",\"partition\":0,\"value_format\":\"" + format + "\",\"value\":" + value);
        assertThat(record(0).value()).asString(UTF_8).isEqualTo(written);
    }

    @Test
    void shouldKeepTheOrderOfACaller() {
        List<String> calls = IntStream.range(0, 300)
                .mapToObj(i -> worker.start(
                        "kafka::produce", "{\"topic\":\"" + topic + "\",\"partition\":0,\"value\":" + i + "}"))
                .toList();
        List<Integer> offsets = calls.stream()
                .map(call -> worker.awaitResult(call).at("/result/offset").intValue())
                .toList();
        assertThat(offsets).isEqualTo(IntStream.range(0, 300).boxed().toList());
    }

    @Test
    void shouldAnswerWhenTheGatewayStops() {
        Produce produce = new Produce(engine.topics(), TestBroker.clientProperties());
        produce.close();
        Call call = new Call(
                "id", "kafka::produce", "default", RawJson.of("{\"topic\":\"" + topic + "\",\"value\":1}"), null, true,
                null, null, null, 0);
        assertThat(produce.call(call).result())
                .isEqualTo(Outcome.failure(
                        ErrorCode.PRODUCE_FAILED,
                        "Kafka did not take the record for topic '" + topic + "': this gateway stops"));
    }

    @Test
    void shouldWriteATombstone() {
        produce(",\"partition\":0,\"key\":\"k\",\"value\":null");
        assertThat(record(0).value()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"topic\":\"t\"} | deserialization_error",
                "{\"value\":1} | deserialization_error",
                "{\"topic\":\"\",\"value\":1} | topic_not_set",
                "{\"topic\":\"PREFIXcommands\",\"value\":1} | FORBIDDEN",
                "{\"topic\":\"t\",\"value\":1,\"value_format\":\"string\"} | deserialization_error",
                "{\"topic\":\"t\",\"value\":\"?\",\"value_format\":\"bytes\"} | deserialization_error",
                "{\"topic\":\"t\",\"value\":1,\"value_format\":\"avro\"} | deserialization_error",
                "{\"topic\":\"t\",\"value\":1,\"partition\":-1} | deserialization_error",
                "{\"topic\":\"not there\",\"value\":1} | produce_failed"
            })
    void shouldSayWhyNothingWasWritten(String input, String code) {
        JsonNode answer = worker.call("kafka::produce", input.replace("PREFIX", engine.topics().prefix()));
        assertThat(answer.at("/error/code").textValue()).isEqualTo(code);
    }
}
