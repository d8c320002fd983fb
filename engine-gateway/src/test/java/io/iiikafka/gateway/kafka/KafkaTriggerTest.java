package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.ReversedText;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triggers of type {@code kafka}: records that other applications write to their topics. */
class KafkaTriggerTest {

    private static final Duration SILENCE = Duration.ofMillis(400);

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static Admin admin;

    @AutoClose
    private static KafkaProducer<byte[], byte[]> producer;

    private final String id = UUID.randomUUID().toString();
    private final String topic = "orders-" + id;
    private final String group = "group-" + id;
    private final String function = "on-order-" + id;

    @AutoClose
    private final RawWorker handler = engine.worker("handler-" + id).serve(function);

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        admin = TestBroker.admin();
        producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void createTopic(int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }

    private RecordMetadata write(@Nullable String key, @Nullable String value) throws Exception {
        return write(new ProducerRecord<>(
                topic, key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
    }

    private RecordMetadata write(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get();
    }

    /** Registers it, and waits until its group has positions. */
    private void trigger(String members) {
        handler.trigger(
                "t" + id,
                "kafka",
                function,
                "{\"topic\":\"" + topic + "\",\"group\":\"" + group + "\"" + members + "}",
                "");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !positions().isEmpty());
    }

    private Map<TopicPartition, OffsetAndMetadata> positions() throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    }

    private void awaitPosition(long offset) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> positions().get(new TopicPartition(topic, 0)).offset() == offset);
    }

    private JsonNode called() {
        JsonNode call = handler.nextCallOf(function);
        handler.answer(call, "null");
        return call.get("data");
    }

    @Test
    void shouldCallWithTheWholeRecordAndCommitWhenItIsDone() throws Exception {
        createTopic(1);
        trigger("");
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, 0, 1_700_000_000_123L, "k".getBytes(UTF_8), "{\"n\":1}".getBytes(UTF_8));
        record.headers().add("source", "erp".getBytes(UTF_8));
        write(record);
        JsonNode call = handler.nextCallOf(function);
        assertThat(call.get("data").toString())
                .isEqualTo("{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":0,\"timestamp\":1700000000123,"
                        + "\"key\":\"k\",\"value\":{\"n\":1},\"headers\":{\"source\":\"erp\"}}");
        assertThat(positions().get(new TopicPartition(topic, 0)).offset()).isZero(); // it is not done
        handler.answer(call, "null");
        awaitPosition(1);
    }

    @Test
    void shouldDeliverARecordAgainThatWasNotDone() throws Exception {
        createTopic(1);
        trigger(",\"from\":\"earliest\"");
        write(null, "1");
        handler.nextCallOf(function);
        handler.close(); // with the record
        try (RawWorker other = engine.worker("handler-" + id).serve(function)) {
            JsonNode again = other.nextCallOf(function);
            assertThat(again.at("/data/value").intValue()).isEqualTo(1);
            other.answer(again, "null");
        }
    }

    @Test
    void shouldKeepTheOrderOfAPartition() throws Exception {
        createTopic(1);
        trigger("");
        for (int i = 0; i < 50; i++) {
            write("k", Integer.toString(i));
        }
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            seen.add(called().get("value").intValue());
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 50).boxed().toList());
        awaitPosition(50);
    }

    @Test
    void shouldDeliverSeveralAtOnceWhenAsked() throws Exception {
        createTopic(1);
        trigger(",\"concurrency\":3");
        for (int i = 0; i < 4; i++) {
            write(null, Integer.toString(i));
        }
        JsonNode first = handler.nextCallOf(function);
        JsonNode second = handler.nextCallOf(function);
        JsonNode third = handler.nextCallOf(function);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        handler.answer(third, "null");
        JsonNode fourth = handler.nextCallOf(function);
        handler.answer(fourth, "null");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        assertThat(positions().get(new TopicPartition(topic, 0)).offset()).isZero(); // the first two are not done
        handler.answer(second, "null");
        handler.answer(first, "null");
        awaitPosition(4);
    }

    @Test
    void shouldBeginWhereAsked() throws Exception {
        createTopic(1);
        write(new ProducerRecord<>(topic, 0, 1_000L, null, "1".getBytes(UTF_8)));
        write(new ProducerRecord<>(topic, 0, 2_000L, null, "2".getBytes(UTF_8)));
        trigger(",\"from\":\"1970-01-01T00:00:02Z\"");
        assertThat(called().get("value").intValue()).isEqualTo(2);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldRepeatWhatFailsAndKeepItAmongTheDeadLetters() throws Exception {
        createTopic(1);
        trigger(",\"max_retries\":2,\"backoff_ms\":50");
        write("k", "\"bad\"");
        write("k", "\"good\"");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JsonNode call = handler.nextCallOf(function);
            String value = call.at("/data/value").textValue();
            values.add(value);
            if (value.equals("bad")) {
                handler.fail(call, "boom");
            } else {
                handler.answer(call, "null");
            }
        }
        assertThat(values).containsExactlyInAnyOrder("bad", "good", "bad", "bad");
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        awaitPosition(2);
        JsonNode letter = deadLetter();
        assertThat(letter.at("/payload/value").textValue()).isEqualTo("bad");
        assertThat(letter.get("retries").intValue()).isEqualTo(3);
        assertThat(letter.get("error").textValue()).startsWith("boom: ");

        JsonNode redriven = handler.call("iii::queue::redrive", "{\"queue\":\"kafka:" + group + "\"}");
        assertThat(redriven.at("/result/redriven").intValue()).isEqualTo(1);
        assertThat(called().get("value").textValue()).isEqualTo("bad");
    }

    private JsonNode deadLetter() {
        JsonNode letters = handler.call("engine::queue::dlq_messages", "{\"topic\":\"kafka:" + group + "\"}")
                .get("result");
        assertThat(letters).hasSize(1);
        return letters.get(0);
    }

    @Test
    void shouldNotCountADeliveryThatALostWorkerTookWithIt() throws Exception {
        createTopic(1);
        String served = "served-" + id;
        String config = "{\"topic\":\"" + topic + "\",\"group\":\"" + group + "\",\"max_retries\":0}";
        try (RawWorker first = engine.worker("first-" + id).serve(served)) {
            handler.trigger("t" + id, "kafka", served, config, "");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !positions().isEmpty());
            write(null, "1");
            first.called(served);
            first.cut();
        }
        try (RawWorker second = engine.worker("second-" + id).serve(served)) {
            second.answer(second.called(served), "null");
            assertThat(handler.call("engine::queue::dlq_messages", "{\"topic\":\"kafka:" + group + "\"}").get("result"))
                    .isEmpty();
        }
    }

    @Test
    void shouldTellSeveralRecordsInOneCall() throws Exception {
        createTopic(1);
        trigger(",\"batch\":{\"max_records\":3,\"max_wait_ms\":300}");
        for (int i = 0; i < 4; i++) {
            write(null, Integer.toString(i));
        }
        JsonNode first = called().get("records");
        JsonNode second = called().get("records");
        List<Integer> values = new ArrayList<>();
        first.forEach(record -> values.add(record.get("value").intValue()));
        second.forEach(record -> values.add(record.get("value").intValue()));
        assertThat(values).containsExactly(0, 1, 2, 3);
        assertThat(first.size()).isLessThanOrEqualTo(3);
        awaitPosition(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "json | [1,2] | [1,2]",
                "string | plain | \"plain\"",
                "bytes | abc | \"YWJj\"",
                "reversed | abc | {\"text\":\"cba\"}"
            })
    void shouldReadTheFormatOfTheValue(String format, String value, String json) throws Exception {
        createTopic(1);
        trigger(",\"value_format\":\"" + format + "\"");
        write(null, value);
        assertThat(called().get("value").toString()).isEqualTo(json);
        write("gone", null);
        JsonNode tombstone = called();
        assertThat(tombstone.get("value").isNull()).isTrue();
        assertThat(tombstone.get("key").textValue()).isEqualTo("gone");
    }

    @Test
    void shouldGiveUpNoRecordWhileADeserializerDoesNotGetWhatItNeeds() throws Exception {
        createTopic(1);
        trigger(",\"value_format\":\"reversed\"");
        write(null, "before");
        assertThat(called().at("/value/text").textValue()).isEqualTo("erofeb");
        write(null, ReversedText.WANTED);
        write(null, "after");
        assertThat(called().at("/value/text").textValue()).isEqualTo("7 amehcs");
        assertThat(called().at("/value/text").textValue()).isEqualTo("retfa");
        awaitPosition(3);
    }

    @Test
    void shouldNotStopAtARecordThatCannotBeRead() throws Exception {
        createTopic(1);
        trigger("");
        write(null, "no json");
        write(null, "2");
        assertThat(called().get("value").intValue()).isEqualTo(2);
        awaitPosition(2);
        JsonNode letter = deadLetter();
        assertThat(letter.get("error").textValue())
                .isEqualTo("unreadable_record: The value of the record at " + topic + "-0@0 is not JSON in UTF-8");
        assertThat(letter.at("/payload/value").textValue()).isEqualTo("bm8ganNvbg==");
    }

    @Test
    void shouldLeaveOutOfABatchWhatCannotBeRead() throws Exception {
        createTopic(1);
        trigger(",\"batch\":{\"max_records\":3,\"max_wait_ms\":8000}");
        write(null, "1");
        write(null, "no json");
        write(null, "3");
        JsonNode records = called().get("records");
        assertThat(records.findValuesAsText("value")).containsExactly("1", "3");
        awaitPosition(3);
        JsonNode letter = deadLetter();
        assertThat(letter.get("error").textValue()).startsWith("unreadable_record: ");
        assertThat(letter.at("/payload/records")).hasSize(1);
        assertThat(letter.at("/payload/records/0/offset").intValue()).isEqualTo(1);
    }

    @Test
    void shouldTakeAFailedDeliveryOnceWhenItIsHandedOverAgain() throws Exception {
        createTopic(1);
        trigger(",\"max_retries\":0");
        String input = "{\"queue\":\"kafka:" + group + "\",\"function_id\":\"" + function
                + "\",\"namespace\":\"default\",\"messageReceiptId\":\"" + id
                + "\",\"attempts\":1,\"error\":{\"code\":\"x\",\"message\":\"y\"},\"data\":1}";
        assertThat(handOver(input)).isInstanceOf(Outcome.Success.class);
        assertThat(handOver(input)).isInstanceOf(Outcome.Success.class);
        assertThat(deadLetter().get("id").textValue()).isEqualTo(id);
    }

    private static Outcome handOver(String input) {
        Call call = new Call(
                UUID.randomUUID().toString(),
                "iii::queue::failed",
                Call.DEFAULT_NAMESPACE,
                RawJson.of(input),
                null,
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + 10_000);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        engine.gateway().gateway().invoker().command(new QueueRoom().failed(), call, outcome::complete);
        return outcome.join();
    }

    @Test
    void shouldKeepTheOrderWhenAGatewayJoins() throws Exception {
        createTopic(4);
        trigger("");
        Map<Integer, List<Integer>> seen = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            if (i == 50) {
                engine.addGateway();
            }
            for (int partition = 0; partition < 4; partition++) {
                write(new ProducerRecord<>(topic, partition, null, Integer.toString(i).getBytes(UTF_8)));
            }
        }
        while (seen.values().stream().mapToLong(each -> each.stream().distinct().count()).sum() < 800) {
            JsonNode record = called();
            seen.computeIfAbsent(record.get("partition").intValue(), first -> new ArrayList<>())
                    .add(record.get("value").intValue());
        }
        List<Integer> all = IntStream.range(0, 200).boxed().toList();
        seen.forEach((partition, values) ->
                assertThat(values.stream().distinct().toList()).as("partition %d", partition).isEqualTo(all));
    }

    @Test
    void shouldAskTheCondition() throws Exception {
        String condition = "condition-" + id;
        handler.serve(condition);
        createTopic(1);
        trigger(",\"condition_function_id\":\"" + condition + "\"");
        write(null, "1");
        handler.answer(handler.nextCallOf(condition), "false");
        write(null, "2");
        handler.answer(handler.nextCallOf(condition), "null");
        assertThat(called().get("value").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | topic is required for kafka trigger",
                "{\"topic\":\"PREFIXinvocations\"} | Failed to deserialize kafka trigger: `topic` PREFIXinvocations holds",
                "{\"topic\":\"t\",\"value_format\":\"avro\"} | Failed to deserialize kafka trigger: `value_format` must be one of",
                "{\"topic\":\"t\",\"from\":\"then\"} | Failed to deserialize kafka trigger: `from` must be"
            })
    void shouldRefuseWhatDoesNotFit(String config, String message) {
        String prefix = engine.topics().prefix();
        handler.send("{\"type\":\"registertrigger\",\"id\":\"bad" + id + "\",\"trigger_type\":\"kafka\",\"function_id\":\""
                + function + "\",\"config\":" + config.replace("PREFIX", prefix) + "}");
        JsonNode refused = handler.next("triggerregistrationresult");
        assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refused.at("/error/message").textValue()).startsWith(message.replace("PREFIX", prefix));
    }

    @Test
    void shouldReadPartitionsThatAreAddedLaterFromTheirFirstRecord() throws Exception {
        createTopic(1);
        write(null, "0");
        trigger("");
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        write(new ProducerRecord<>(topic, 2, null, "1".getBytes(UTF_8)));
        write(new ProducerRecord<>(topic, 0, null, "2".getBytes(UTF_8)));
        List<Integer> values = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> positions().containsKey(new TopicPartition(topic, 2)));
        for (int i = 0; i < 2; i++) {
            values.add(called().get("value").intValue());
        }
        assertThat(values).containsExactlyInAnyOrder(1, 2);
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
    }

    @Test
    void shouldRefuseOtherSettingsOfWhatFailedForTheSameGroup() throws Exception {
        createTopic(1);
        trigger(",\"max_retries\":2");
        String other = "{\"type\":\"registertrigger\",\"id\":\"u" + id + "\",\"trigger_type\":\"kafka\",\"function_id\":\""
                + function + "-other\",\"config\":{\"topic\":\"" + topic + "-other\",\"group\":\"" + group + "\"MORE}}";
        handler.send(other.replace("MORE", ""));
        JsonNode refused = handler.next("triggerregistrationresult");
        assertThat(refused.at("/error/message").textValue())
                .contains("group '" + group + "'", topic + " for " + function, "max_retries 2", "another group");
        handler.send(other.replace("MORE", ",\"max_retries\":2"));
        assertThat(handler.silentAbout("triggerregistrationresult", SILENCE)).isTrue();
    }

    @Test
    void shouldRemoveTheQueueOfWhatFailedWhenItsTriggerIsGoneAndNothingIsLeftInIt() throws Exception {
        createTopic(1);
        trigger(",\"max_retries\":0");
        write(null, "1");
        handler.fail(handler.nextCallOf(function), "boom");
        awaitPosition(1);
        deadLetter();
        FailedQueues queues = failedQueues();
        handler.send("{\"type\":\"unregistertrigger\",\"id\":\"t" + id + "\"}");
        handler.call("engine::workers::list", "{}");
        queues.round(List.of());
        queues.round(List.of());
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        assertThat(isQueue()).as("a dead letter is left").isTrue();

        handler.call("iii::queue::redrive", "{\"queue\":\"kafka:" + group + "\"}");
        handler.answer(handler.nextCallOf(function), "null");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            queues.round(List.of());
            return !isQueue();
        });
    }

    @Test
    void shouldKeepTheQueueOfWhatFailedWhileAJobWaitsForItsTime() throws Exception {
        createTopic(1);
        trigger(",\"max_retries\":1,\"backoff_ms\":6000");
        write(null, "1");
        handler.fail(handler.nextCallOf(function), "boom");
        awaitPosition(1);
        handler.send("{\"type\":\"unregistertrigger\",\"id\":\"t" + id + "\"}");
        handler.call("engine::workers::list", "{}");
        FailedQueues queues = failedQueues();
        queues.round(List.of());
        queues.round(List.of());
        assertThat(handler.silentAbout("invokefunction", SILENCE)).isTrue();
        assertThat(isQueue()).isTrue();
        assertThat(called().get("value").intValue()).isEqualTo(1);
    }

    private static FailedQueues failedQueues() {
        return new FailedQueues(
                engine.gateway().gateway().catalog(),
                engine.gateway().gateway().catalogWriter(),
                engine.gateway().gateway().invoker());
    }

    private boolean isQueue() {
        return engine.gateway().gateway().catalog().entry("queue/kafka:" + group) != null;
    }
}
