package io.iiikafka.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestPort;
import io.iiikafka.gateway.testing.WholeEngine;
import io.iiikafka.sdk.Worker;
import io.iiikafka.topology.topics.Permission;
import io.iiikafka.topology.topics.TopicPlan;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the permissions that {@code iii topics --plan} lists are enough, on brokers that refuse everything else. */
@Timeout(180)
class PlannedPermissionsTest {

    private static final String PREFIX = "acme.";

    @Test
    void shouldServeQueuesThatAreTopicsWithThePlannedPermissionsOnly() throws Exception {
        int port = TestPort.next();
        Path directory = TestBroker.freshDirectory();
        KafkaRaftServer broker = startBroker(directory, port);
        try {
            try (Admin admin = Admin.create(client(port, "admin"))) {
                admin.createAcls(planned()).all().get(20, TimeUnit.SECONDS);
                Awaitility.await().until(
                        () -> Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get()).containsAll(planned()));
            }
            Map<String, String> settings = new HashMap<>(Map.of("topics.prefix", PREFIX));
            client(port, "iii").forEach((name, value) -> settings.put("kafka." + name, value.toString()));
            try (WholeEngine engine = WholeEngine.start(settings);
                    Worker worker = engine.connect("worker")) {
                shouldRunAndPurgeJobs(worker);

                assertThat(written(port)).as("jobs that were records, not the keeper's").isEqualTo(3);
            }
        } finally {
            broker.shutdown();
            broker.awaitShutdown();
        }
    }

    private static void shouldRunAndPurgeJobs(Worker worker) throws InterruptedException {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        worker.function("image::shrink", data -> {
            seen.add(data.toString());
            return null;
        });
        worker.trigger("queue::define", Map.of("queue", "images", "config", Map.of("share_group", true)));
        worker.enqueue("images", "image::shrink", 1);
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("1");

        worker.trigger("iii::queue::pause", Map.of("queue", "images"));
        worker.enqueue("images", "image::shrink", 2);
        assertThat(worker.trigger("iii::queue::purge", Map.of("queue", "images")).toTree().get("purged").intValue())
                .as("records that were taken away")
                .isEqualTo(1);
        worker.trigger("iii::queue::resume", Map.of("queue", "images"));
        worker.enqueue("images", "image::shrink", 3);
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("3");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> worker.trigger(
                "engine::queue::topic_stats", Map.of("topic", "images")).toTree().get("depth").intValue() == 0);
    }

    private static long written(int port) throws Exception {
        TopicPartition jobs = new TopicPartition(PREFIX + "queue.images", 0);
        try (Admin admin = Admin.create(client(port, "admin"))) {
            return admin.listOffsets(Map.of(jobs, OffsetSpec.latest()))
                    .partitionResult(jobs)
                    .get(20, TimeUnit.SECONDS)
                    .offset();
        }
    }

    private static List<AclBinding> planned() {
        List<AclBinding> planned = new ArrayList<>();
        for (Permission permission : new TopicPlan(PREFIX, List.of()).permissions()) {
            ResourceType type = ResourceType.fromString(permission.resource().replace('-', '_').toUpperCase(Locale.ROOT));
            String prefix = permission.prefix();
            ResourcePattern pattern = prefix == null
                    ? new ResourcePattern(type, Resource.CLUSTER_NAME, PatternType.LITERAL)
                    : new ResourcePattern(type, prefix, PatternType.PREFIXED);
            for (String operation : permission.operations()) {
                AclOperation allowed = AclOperation.fromString(operation.replaceAll("([a-z])([A-Z])", "$1_$2"));
                planned.add(new AclBinding(
                        pattern, new AccessControlEntry("User:iii", "*", allowed, AclPermissionType.ALLOW)));
            }
        }
        return planned;
    }

    private static KafkaRaftServer startBroker(Path directory, int port) throws Exception {
        Properties p = BrokerProperties.of(
                new BrokerSettings(directory, port, 33 * 1024 * 1024), port, TestPort.next(), BrokerProperties.Past.NONE);
        p.replaceAll((name, value) -> value.toString().replace("PLAINTEXT://", "SASL_PLAINTEXT://"));
        p.put("listener.security.protocol.map", "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", "SASL_PLAINTEXT");
        p.put("sasl.enabled.mechanisms", "PLAIN");
        p.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        p.put("listener.name.sasl_plaintext.plain.sasl.jaas.config", login("admin") + " user_admin=\"admin\" user_iii=\"iii\";");
        p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        p.put("super.users", "User:admin;User:ANONYMOUS"); // who comes to the controller's port
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerProperties.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .run();
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(p, false), Time.SYSTEM);
        server.startup();
        return server;
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + user + "\"";
    }

    private static Map<String, Object> client(int port, String user) {
        return Map.of(
                "bootstrap.servers", "127.0.0.1:" + port,
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login(user) + ";");
    }
}
