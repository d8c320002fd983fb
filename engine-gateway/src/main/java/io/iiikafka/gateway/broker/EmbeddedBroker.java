package io.iiikafka.gateway.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import io.iiikafka.gateway.StartupException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Apache Kafka in this process: one KRaft node, broker and controller, on loopback. Its data outlive it; a later
 * broker on the same directory goes on where it stopped, after a crash too.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int USUAL_PORT = 9092;
    private static final String FORMAT_MARKER = "meta.properties";

    /** Kafka writes it when it stops in order, and takes it away when it starts. */
    private static final String STOPPED_MARKER = ".kafka_cleanshutdown";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the broker and returns when it serves clients.
     *
     * @throws StartupException when its port is taken or its directory cannot be used
     */
    public static EmbeddedBroker start(BrokerSettings settings) {
        int port = choosePort(settings.port());
        Properties properties = BrokerProperties.of(settings, port, FreePort.any(), past(settings.directory()));
        format(settings.directory());
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw new StartupException("the embedded Kafka broker did not start: " + e.getMessage(), e);
        }
        return new EmbeddedBroker(server, port);
    }

    private static BrokerProperties.Past past(Path directory) {
        if (!Files.exists(directory.resolve(FORMAT_MARKER))) {
            return BrokerProperties.Past.NONE;
        }
        return Files.exists(directory.resolve(STOPPED_MARKER))
                ? BrokerProperties.Past.STOPPED
                : BrokerProperties.Past.CRASHED;
    }

    private static int choosePort(int wanted) {
        if (wanted == 0) {
            return FreePort.any();
        }
        int port = wanted == BrokerSettings.PREFER_9092 ? USUAL_PORT : wanted;
        if (FreePort.isFree(port)) {
            return port;
        }
        if (wanted == BrokerSettings.PREFER_9092) {
            LOG.info("127.0.0.1:{} is taken, so the embedded Kafka listens on another port", port);
            return FreePort.any();
        }
        throw new StartupException("address 127.0.0.1:" + port + " is already in use (embedded Kafka)");
    }

    private static void format(Path directory) {
        Path marker = directory.resolve(FORMAT_MARKER);
        if (Files.exists(marker)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(BrokerProperties.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        } catch (IOException e) {
            throw new StartupException("the broker's directory " + directory + " cannot be written: " + e, e);
        } catch (Exception e) {
            throw new StartupException("the broker's directory " + directory + " cannot be formatted: " + e, e);
        }
    }

    /** {@code host:port} for clients on this machine. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops cleanly; returns when everything is on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
