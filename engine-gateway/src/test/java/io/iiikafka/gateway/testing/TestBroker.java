package io.iiikafka.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.iiikafka.gateway.broker.BrokerSettings;
import io.iiikafka.gateway.broker.EmbeddedBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** One broker for all tests of this JVM, started by the first that asks; tests keep apart by topic prefix. */
public final class TestBroker {

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final List<Runnable> BEFORE_IT_STOPS = new CopyOnWriteArrayList<>();

    private TestBroker() {}

    private static final class Shared {
        static final EmbeddedBroker BROKER = start();

        private static EmbeddedBroker start() {
            EmbeddedBroker broker = EmbeddedBroker.start(new BrokerSettings(freshDirectory(), 0, 33 * 1024 * 1024));
            Thread stop = new Thread(
                    () -> {
                        BEFORE_IT_STOPS.forEach(Runnable::run);
                        broker.close();
                    },
                    "stop-test-broker");
            Runtime.getRuntime().addShutdownHook(stop);
            return broker;
        }
    }

    /** To be done at the end of this JVM. */
    static void beforeItStops(Runnable task) {
        BEFORE_IT_STOPS.add(task);
    }

    public static String bootstrapServers() {
        return Shared.BROKER.bootstrapServers();
    }

    /** Properties for any Kafka client. */
    public static Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", bootstrapServers());
    }

    public static Admin admin() {
        return Admin.create(clientProperties());
    }

    /** From now on the topic takes no larger ones. */
    public static void limitRecords(String topic, int bytes) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            Awaitility.await().until(() -> admin.describeConfigs(List.of(resource))
                    .values()
                    .get(resource)
                    .get()
                    .get("max.message.bytes")
                    .value()
                    .equals(Integer.toString(bytes)));
        }
    }

    /** A topic prefix that no other test of this JVM uses. */
    public static String freshPrefix() {
        return "t" + PREFIXES.incrementAndGet() + ".";
    }

    /** Removes the directory and all in it. */
    public static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new directory under the module's target. */
    public static Path freshDirectory() {
        try {
            return Files.createTempDirectory("data-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
