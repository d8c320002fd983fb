package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs, events, records and results that Kafka does not take (spec: queue.md 5.2, pubsub.md 2): what is not kept is not acknowledged. */
class TooLargeForKafkaTest {

    @Test
    void shouldSayThatAJobIsTooLargeForKafkaAndKeepTheOthers() throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::f")) {
            TestBroker.limitRecords(engine.topics().commands(), 20_000);
            String large = "\"" + "x".repeat(40_000) + "\"";

            for (String options : List.of("", ",\"priority\":1")) {
                JsonNode refused = enqueueWith(worker, large, options);
                assertThat(refused.at("/error/code").asText()).as(refused.toString()).isEqualTo("enqueue_error");
                assertThat(refused.at("/error/message").asText()).contains("larger than");
                assertThat(refused.has("result")).isFalse();
            }
            JsonNode kept = enqueueWith(worker, "7", "");
            assertThat(kept.at("/result/messageReceiptId").isTextual()).as(kept.toString()).isTrue();
            JsonNode told = worker.called("large::f");
            assertThat(told.get("data").intValue()).isEqualTo(7);
            worker.answer(told, "null");
        }
    }

    @Test
    void shouldSayThatAnEventIsTooLargeForKafka() throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker publisher = engine.worker("publisher")) {
            TestBroker.limitRecords(engine.topics().commands(), 20_000);
            String large = "\"" + "x".repeat(40_000) + "\"";

            for (JsonNode refused : List.of(
                    publisher.call("publish", "{\"topic\":\"t\",\"data\":" + large + "}"),
                    publisher.call("publish_batch", "{\"topic\":\"t\",\"events\":[{\"data\":" + large + "}]}"))) {
                assertThat(refused.at("/error/code").asText()).as(refused.toString()).isEqualTo("payload_too_large");
                assertThat(refused.at("/error/message").asText()).contains("larger than");
            }
            assertThat(publisher.call("publish", "{\"topic\":\"t\",\"data\":7}").has("error")).isFalse();
        }
    }

    /** It was run, so that to call again is not the answer. */
    @Test
    void shouldSayThatAResultIsTooLargeForKafka() throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::result");
                RawWorker caller = engine.worker("caller")) {
            TestBroker.limitRecords(engine.topics().results(), 20_000);
            String asked = caller.start("large::result", "1");
            worker.answer(worker.called("large::result"), "\"" + "x".repeat(40_000) + "\"");

            JsonNode refused = caller.awaitResult(asked);

            assertThat(refused.at("/error/code").textValue()).isEqualTo("payload_too_large");
            assertThat(refused.at("/error/message").textValue()).contains("larger than");
        }
    }

    /** Of a queue with a topic this gateway leaves the job to the keeper; of others the keeper waits for the outcome. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRepeatAJobWhoseErrorIsTooLargeForKafka(boolean shareGroup) throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::error")) {
            TestBroker.limitRecords(engine.topics().commands(), 90_000);
            define(worker, shareGroup);
            enqueue(worker, "large::error", "1");
            for (int attempt = 0; attempt < 2; attempt++) {
                JsonNode call = worker.called("large::error");
                worker.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                        + ",\"function_id\":\"large::error\",\"error\":{\"code\":\"boom\",\"message\":\""
                        + "m".repeat(100_000) + "\"}}");
            }

            assertThat(letter(worker).get("error").textValue()).startsWith("boom: mmm").hasSizeLessThan(3_000);
        }
    }

    @Test
    void shouldLayAsideAJobThatIsTooLargeToBeRepeatedAndRunTheNext() throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::job")) {
            TestBroker.limitRecords(engine.topics().commands(), 20_000);
            define(worker, true);
            enqueue(worker, "large::job", "\"" + "x".repeat(40_000) + "\"");
            worker.fail(worker.called("large::job"), "boom");

            JsonNode letter = letter(worker);
            assertThat(letter.get("error").textValue()).startsWith("payload_too_large: ").contains("-0@0", "larger than");
            assertThat(letter.get("payload").isNull()).isTrue();
            assertThat(letter.get("retries").intValue()).isEqualTo(1);
            enqueue(worker, "large::job", "2");
            assertThat(worker.called("large::job").get("data").intValue()).isEqualTo(2);
        }
    }

    /** A queue {@code q} whose jobs are tried twice. */
    private static void define(RawWorker worker, boolean shareGroup) {
        worker.call(
                "queue::define",
                "{\"queue\":\"q\",\"config\":{\"share_group\":" + shareGroup + ",\"max_retries\":1,\"backoff_ms\":10}}");
    }

    private static void enqueue(RawWorker worker, String function, String data) {
        worker.start(function, data, ",\"action\":{\"type\":\"enqueue\",\"queue\":\"q\"}");
    }

    /** The one of {@code q}, once it is there. */
    private static JsonNode letter(RawWorker worker) {
        return Awaitility.await().atMost(Duration.ofSeconds(15)).until(
                () -> worker.call("engine::queue::dlq_messages", "{\"topic\":\"q\"}").at("/result/0"), JsonNode::isObject);
    }

    @Test
    void shouldNotStopAtARecordThatIsTooLargeForACall() throws Exception {
        String topic = topicOf("\"" + "x".repeat(40_000) + "\"", "7");
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::record")) {
            TestBroker.limitRecords(engine.topics().commands(), 20_000);
            TestBroker.limitRecords(engine.topics().invocations(), 20_000);
            worker.trigger("t", "kafka", "large::record", "{\"topic\":\"" + topic + "\",\"group\":\"g\",\"from\":\"earliest\"}", "");

            assertThat(worker.called("large::record").at("/data/value").intValue()).isEqualTo(7);
            JsonNode letter = worker.call("engine::queue::dlq_messages", "{\"topic\":\"kafka:g\"}").at("/result/0");
            assertThat(letter.get("error").textValue()).startsWith("payload_too_large").contains("larger than");
            assertThat(letter.at("/payload/topic").textValue()).isEqualTo(topic);
            assertThat(letter.at("/payload/offset").intValue()).isZero();
            assertThat(letter.get("payload").has("value")).isFalse();
        }
    }

    @Test
    void shouldTellRecordsOneByOneThatAreTooLargeForOneCall() throws Exception {
        String most = "x".repeat(9_000) + "\"";
        String topic = topicOf("\"0" + most, "\"1" + most, "\"2" + most);
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("worker").serve("large::batch")) {
            TestBroker.limitRecords(engine.topics().invocations(), 20_000);
            worker.trigger(
                    "t",
                    "kafka",
                    "large::batch",
                    "{\"topic\":\"" + topic + "\",\"from\":\"earliest\",\"batch\":{\"max_records\":3,\"max_wait_ms\":5000}}",
                    "");
            for (int i = 0; i < 3; i++) {
                JsonNode told = worker.called("large::batch");
                assertThat(told.at("/data/records")).hasSize(1);
                assertThat(told.at("/data/records/0/value").textValue()).startsWith(i + "x");
                worker.answer(told, "null");
            }
        }
    }

    /** A new topic with these records. */
    private static String topicOf(String... values) throws Exception {
        String topic = TestBroker.freshPrefix() + "orders";
        try (Admin admin = TestBroker.admin();
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(TestBroker.clientProperties(), new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get();
            }
        }
        return topic;
    }

    private static JsonNode enqueueWith(RawWorker worker, String data, String options) {
        return worker.awaitResult(worker.start(
                "large::f", data, ",\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"" + options + "}"));
    }
}
