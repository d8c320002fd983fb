package io.iiikafka.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.channel.ChannelSettings;
import io.iiikafka.gateway.socket.SocketSettings;
import io.iiikafka.gateway.socket.WorkerListener;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway needs to know.
 *
 * @param clientProperties for every Kafka client: {@code bootstrap.servers}, security, what the user passed through
 * @param instanceId a name that survives restarts of a process that is surely alone under it, or null
 * @param version the engine's version, shown in worker lists
 * @param advertisedHost where other gateways reach this one
 * @param listeners worker listeners; the first is the one that other gateways use
 * @param sockets limits and timers of worker connections
 * @param channels bounds of channels
 * @param maxInFlight calls of this gateway's callers that may wait at once
 * @param maxInFlightBytes what their payloads may take together
 * @param lease how long a silent gateway stays in the catalog
 * @param reconnectGrace how long callers wait for a function whose worker was cut off
 * @param drainTimeout how long a stopping gateway waits for calls in flight
 * @param eventLoops over how many event loops connections are spread
 */
public record GatewaySettings(
        Map<String, Object> clientProperties,
        @Nullable String instanceId,
        String version,
        String advertisedHost,
        List<WorkerListener.Address> listeners,
        SocketSettings sockets,
        ChannelSettings channels,
        int maxInFlight,
        long maxInFlightBytes,
        Duration lease,
        Duration reconnectGrace,
        Duration drainTimeout,
        int eventLoops) {}
