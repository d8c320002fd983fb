package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** State beyond one process, one gateway, one partition (spec: state.md section 6). */
class StateDurabilityTest {

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start(new StateSettings(List.of("hot-*"), true, OptionalLong.of(10), false, 16 << 20));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static JsonNode set(RawWorker worker, String scope, String key, String value) {
        return worker.call("state::set", data(scope, key, ",\"value\":" + value));
    }

    private static String data(String scope, String key, String members) {
        return "{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\"" + members + "}";
    }

    @Test
    void shouldKeepWhatWasAcknowledgedOverRestartsWithAndWithoutItsFiles() {
        try (RawWorker worker = engine.worker("durable")) {
            for (int i = 0; i < 50; i++) {
                set(worker, "durable", "k" + i, Integer.toString(i));
            }
            worker.call("state::delete", data("durable", "k3", ""));
            String list = worker.call("state::list", "{\"scope\":\"durable\"}").get("result").toString();

            for (boolean keepingItsFiles : new boolean[] {true, false}) {
                engine.restartKeeper(keepingItsFiles);
                assertThat(worker.call("state::list", "{\"scope\":\"durable\"}").get("result").toString())
                        .isEqualTo(list);
            }
            set(worker, "durable", "k3", "3");
            assertThat(worker.call("state::list", "{\"scope\":\"durable\"}").get("result").toString())
                    .isEqualTo(list.replace("]", ",3]"));
        }
    }

    @Test
    void shouldShowAValueToEveryGatewayAtOnce() {
        TestGateway second = engine.addGateway();
        try (RawWorker one = engine.worker("one");
                RawWorker two = engine.worker(second, "two")) {
            for (int i = 0; i < 20; i++) {
                set(one, "shared" + i, "k", Integer.toString(i));
                assertThat(two.call("state::get", data("shared" + i, "k", "")).get("result").intValue()).isEqualTo(i);
                assertThat(two.call("state::list_groups", "{}").at("/result/groups").toString())
                        .contains("\"shared" + i + "\"");
            }
        }
    }

    @Test
    void shouldBeReadByAnyKafkaConsumer() {
        try (RawWorker worker = engine.worker("public")) {
            set(worker, "public/scope", "a/b", "{\"n\":1}");
            set(worker, "public/scope", "ü", "null");
            set(worker, "public/scope", "gone", "1");
            worker.call("state::delete", data("public/scope", "gone", ""));
        }
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        Map<String, String> values = new HashMap<>();
        Set<Integer> partitions;
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            String topic = engine.topics().changelog(KeeperStore.STATE);
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
            partitions = new HashSet<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (System.nanoTime() < deadline && !(values.containsKey("public%2Fscope/gone")
                    && values.get("public%2Fscope/gone") == null)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().startsWith("public")) {
                        values.put(record.key(), record.value());
                        partitions.add(record.partition());
                    }
                }
            }
        }
        Map<String, String> expected = new HashMap<>();
        expected.put("public%2Fscope/a/b", "{\"n\":1}");
        expected.put("public%2Fscope/ü", "null");
        expected.put("public%2Fscope/gone", null);
        assertThat(values).isEqualTo(expected);
        assertThat(partitions).hasSize(1);
    }

    @Test
    void shouldSpreadScopesThatAreSharded() {
        try (RawWorker worker = engine.worker("hot")) {
            for (int i = 0; i < 20; i++) {
                set(worker, "hot-1", "k" + i, Integer.toString(i));
            }
            set(worker, "hot-1", "k0", "100");
            JsonNode list = worker.call("state::list", "{\"scope\":\"hot-1\"}").get("result");
            assertThat(list).hasSize(20);
            assertThat(list.get(0).intValue()).isEqualTo(100);
            assertThat(list.get(19).intValue()).isEqualTo(19);
            assertThat(worker.call("state::list_keys", "{\"scope\":\"hot-1\",\"after\":\"k17\"}").get("result").toString())
                    .isEqualTo("{\"keys\":[\"k18\",\"k19\"]}");
            assertThat(worker.call("state::list_groups", "{\"prefix\":\"hot\"}").get("result").toString())
                    .isEqualTo("{\"groups\":[\"hot-1\"]}");
        }
    }

    @Test
    void shouldRefuseValuesThatAreLongerThanTheLimitInTheirCompactForm() {
        try (RawWorker worker = engine.worker("long")) {
            assertThat(set(worker, "long", "k", "[1, 2, 3,  4 ]").has("result")).isTrue();
            JsonNode refused = set(worker, "long", "k", "\"123456789\"");
            assertThat(refused.at("/error/code").textValue()).isEqualTo("VALUE_TOO_LARGE");
            assertThat(refused.at("/error/message").textValue())
                    .isEqualTo("value of 11 bytes exceeds the configured max_value_bytes limit of 10");
            assertThat(worker.call("state::get", data("long", "k", "")).get("result")).hasSize(4);
        }
    }

    @Test
    void shouldMakeNoTopicsBesideThoseOfThePlan() throws Exception {
        try (RawWorker worker = engine.worker("plan");
                Admin admin = TestBroker.admin()) {
            set(worker, "plan", "k", "1");
            String prefix = engine.topics().prefix();
            assertThat(admin.listTopics().names().get().stream()
                            .filter(name -> name.startsWith(prefix))
                            .map(name -> name.substring(prefix.length()))
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "invocations",
                            "commands",
                            "deliveries",
                            "results",
                            "catalog",
                            "stream-events",
                            "keeper-streams-changelog",
                            "keeper-stream-groups-changelog",
                            "keeper-stream-log-changelog",
                            "keeper-stream-notes-changelog",
                            "events",
                            "keeper-pubsub-log-changelog",
                            "keeper-pubsub-notes-changelog",
                            "keeper-cron-changelog",
                            "keeper-cron-history-changelog",
                            "keeper-dead-letters-changelog",
                            "keeper-jobs-changelog",
                            "keeper-state-changelog",
                            "keeper-state-scopes-changelog",
                            "keeper-state-history-changelog",
                            "keeper-state-notes-changelog");
        }
    }
}
