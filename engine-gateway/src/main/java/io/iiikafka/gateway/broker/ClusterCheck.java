package io.iiikafka.gateway.broker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.iiikafka.gateway.StartupException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.server.common.MetadataVersion;

/** Whether an existing cluster can be reached and is new enough, found out before anything is built on it. */
public final class ClusterCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(7);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofMillis(250);
    private static final MetadataVersion OLDEST = MetadataVersion.IBP_4_0_IV0;

    private ClusterCheck() {}

    /**
     * Waits for one of the brokers to accept connections.
     *
     * @throws StartupException when none has within 7 s, or an address cannot be read
     */
    public static void requireListening(String bootstrapServers) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String reason = "no address";
            for (String server : bootstrapServers.split(",")) {
                reason = connect(server.strip());
                if (reason.isEmpty()) {
                    return;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StartupException("no Kafka broker can be reached at " + bootstrapServers + " (" + reason
                        + "); check kafka.bootstrap.servers (--kafka)");
            }
            pause();
        }
    }

    private static String connect(String server) {
        int colon = server.lastIndexOf(':');
        String host = colon < 0 ? "" : server.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(server.substring(colon + 1));
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (host.isEmpty()) {
                throw new IllegalArgumentException();
            }
            if (address.isUnresolved()) {
                return "unknown host " + host;
            }
            socket.connect(address, (int) CONNECT_TIMEOUT.toMillis());
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new StartupException("'" + server + "' is not HOST:PORT (kafka.bootstrap.servers, --kafka)", e);
        }
    }

    /** @throws StartupException when the cluster does not answer as a Kafka of version 4.0 or newer */
    public static void requireUsable(Admin admin, String bootstrapServers) {
        try {
            FeatureMetadata features = await(admin.describeFeatures().featureMetadata());
            requireVersion(features.supportedFeatures(), bootstrapServers);
        } catch (TimeoutException e) {
            throw new StartupException("Kafka at " + bootstrapServers + " does not answer within "
                    + PATIENCE.toSeconds() + " s; check kafka.security.protocol and the addresses that it advertises");
        } catch (ExecutionException e) {
            Throwable cause = requireNonNull(e.getCause());
            if (cause instanceof UnsupportedVersionException) {
                throw tooOld(bootstrapServers);
            }
            throw new StartupException("Kafka at " + bootstrapServers + " refuses: " + cause.getMessage(), e);
        }
    }

    static void requireVersion(Map<String, SupportedVersionRange> supported, String bootstrapServers) {
        SupportedVersionRange range = supported.get(MetadataVersion.FEATURE_NAME);
        if (range == null || range.maxVersion() < OLDEST.featureLevel()) {
            throw tooOld(bootstrapServers);
        }
    }

    private static StartupException tooOld(String bootstrapServers) {
        return new StartupException("Kafka at " + bootstrapServers
                + " is older than 4.0, the oldest that is supported");
    }

    private static <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted", e);
        }
    }
}
