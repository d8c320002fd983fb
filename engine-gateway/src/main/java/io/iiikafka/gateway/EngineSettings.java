package io.iiikafka.gateway;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.channel.ChannelSettings;
import io.iiikafka.gateway.config.ChannelsConfig;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.LimitsConfig;
import io.iiikafka.gateway.config.Role;
import io.iiikafka.gateway.config.TimingConfig;
import io.iiikafka.gateway.socket.SocketSettings;
import io.iiikafka.gateway.socket.WorkerListener;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/** From what an operator sets to what each part of the engine needs to know. */
final class EngineSettings {

    /** An engine with Kafka inside is alone under this name: its data directory is locked. */
    private static final String EMBEDDED_INSTANCE = "embedded";

    /** On its way through an engine that is all in one process a payload is in memory several times. */
    private static final int IN_FLIGHT_SHARE_OF_MEMORY = 6;

    private EngineSettings() {}

    static Map<String, Object> clientProperties(
            EngineConfig config, String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.putAll(config.kafka().clientProperties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }

    static @Nullable String instanceId(EngineConfig config) {
        return config.process().has(Role.BROKER) ? EMBEDDED_INSTANCE : null;
    }

    static GatewaySettings gateway(EngineConfig config, Map<String, Object> clientProperties) {
        TimingConfig timing = config.timing();
        return new GatewaySettings(
                clientProperties,
                instanceId(config),
                Version.ENGINE,
                config.process().advertisedHost(),
                config.listeners().stream()
                        .map(listener -> new WorkerListener.Address(
                                listener.name(), listener.host(), listener.port(), listener.handshakeTimeout()))
                        .toList(),
                sockets(config.limits(), timing),
                channels(config.channels()),
                config.limits().inFlightPerGateway(),
                inFlightBytes(config.limits()),
                timing.gatewayLease(),
                timing.reconnectGrace(),
                timing.drainTimeout(),
                config.process().eventLoops());
    }

    private static long inFlightBytes(LimitsConfig limits) {
        return limits.inFlightBytes() == LimitsConfig.AUTO
                ? Runtime.getRuntime().maxMemory() / IN_FLIGHT_SHARE_OF_MEMORY
                : limits.inFlightBytes();
    }

    private static ChannelSettings channels(ChannelsConfig channels) {
        return ChannelSettings.of(channels.unopenedLife(), channels.bufferBytes(), channels.closeGrace());
    }

    private static SocketSettings sockets(LimitsConfig limits, TimingConfig timing) {
        return new SocketSettings(
                limits.maxMessageBytes(),
                limits.maxPayloadBytes(),
                limits.maxRegistrationBytes(),
                limits.socketWriteQueueBytes(),
                limits.inFlightPerWorker(),
                limits.functionsPerWorker(),
                limits.registrationsPerWorker(),
                limits.registeredBytesPerWorker(),
                timing.namespaceGrace(),
                timing.quietGrace(),
                timing.pingInterval(),
                timing.idleTimeout(),
                timing.probeTimeout(),
                timing.callCeiling());
    }
}
