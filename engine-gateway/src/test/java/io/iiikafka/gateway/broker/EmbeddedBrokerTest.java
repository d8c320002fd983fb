package io.iiikafka.gateway.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.StartupException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedBrokerTest {

    private static final int MAX_RECORD = 17 * 1024 * 1024;

    @TempDir
    Path directory;

    @Test
    void shouldKeepRecordsWhenStoppedAndStartedAgain() throws Exception {
        try (EmbeddedBroker first = start(0)) {
            createTopic(first);
            assertThat(write(first, 100)).isZero();
        }
        try (EmbeddedBroker second = start(0)) {
            assertThat(write(second, 100)).isEqualTo(1);
        }
    }

    @Test
    void shouldComeBackSoonAfterACrashAndElseKeepASturdySession() throws Exception {
        try (EmbeddedBroker first = start(0)) {
            createTopic(first);
            write(first, 100);
            assertThat(sessionTimeout(first)).isEqualTo("9000");
        }
        try (EmbeddedBroker second = start(0)) {
            assertThat(sessionTimeout(second)).isEqualTo("9000");
        }
        Files.delete(directory.resolve("kafka").resolve(".kafka_cleanshutdown")); // as a crash leaves it
        try (EmbeddedBroker third = start(0)) {
            assertThat(sessionTimeout(third)).isEqualTo("3000");
            assertThat(write(third, 100)).isEqualTo(1);
        }
    }

    private static String sessionTimeout(EmbeddedBroker broker) throws Exception {
        ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeConfigs(List.of(node))
                    .all()
                    .get(10, TimeUnit.SECONDS)
                    .get(node)
                    .get("broker.session.timeout.ms")
                    .value();
        }
    }

    @Test
    void shouldTakeLargestPayload() throws Exception {
        try (EmbeddedBroker broker = start(0)) {
            createTopic(broker);
            assertThat(write(broker, 16 * 1024 * 1024 + 1000)).isZero();
        }
    }

    @Test
    void shouldRefuseWhenPortIsTaken() {
        try (EmbeddedBroker first = start(0)) {
            int taken = Integer.parseInt(first.bootstrapServers().split(":")[1]);
            assertThatThrownBy(() -> EmbeddedBroker.start(
                            new BrokerSettings(directory.resolve("other"), taken, MAX_RECORD)))
                    .isInstanceOf(StartupException.class)
                    .hasMessage("address 127.0.0.1:" + taken + " is already in use (embedded Kafka)");
        }
    }

    private EmbeddedBroker start(int port) {
        return EmbeddedBroker.start(new BrokerSettings(directory.resolve("kafka"), port, MAX_RECORD));
    }

    private static void createTopic(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty())))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static long write(EmbeddedBroker broker, int bytes) throws Exception {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.request.size", 2 * MAX_RECORD);
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>("t", new byte[bytes]))
                    .get(10, TimeUnit.SECONDS)
                    .offset();
        }
    }
}
