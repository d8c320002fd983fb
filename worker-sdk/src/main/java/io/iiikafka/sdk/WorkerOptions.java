package io.iiikafka.sdk;

import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.OpenTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * How a worker presents itself and behaves. Made by {@link #builder()}, where each has a default.
 *
 * @param name shown in listings, and what makes several workers replicas of one; {@code III_WORKER_NAME}, else host:pid
 * @param description one line for listings; none
 * @param namespace where its functions live; {@code III_NAMESPACE}, else the engine's {@code default}
 * @param runtime the language; {@code java}
 * @param isolation how the process is isolated; {@code III_ISOLATION}, else none
 * @param headers HTTP headers of the WebSocket handshake; none
 * @param callTimeout how long a call waits for its answer; 30 s
 * @param connectTimeout how long one attempt to connect may take; 10 s
 * @param closeTimeout how long {@link Worker#close()} lets handlers run; 10 s
 * @param reconnect when to try again; {@link Reconnect#DEFAULT}
 * @param pingInterval how often the connection is probed; 20 s
 * @param idleTimeout how long without any sign of the engine until the connection counts as dead; 60 s
 * @param maxQueuedFrames how many calls and results may wait for a connection; 10,000
 * @param maxMessageBytes the largest message that is taken from the engine; a larger one costs the connection; 64 MiB
 * @param keepAlive whether an open worker keeps the process running and is closed by its end; true
 * @param sslContext for {@code wss}; null: the platform's
 * @param objectMapper binds payloads; null: Jackson's defaults, unknown members ignored
 * @param openTelemetry makes a span for each call served; null: the global one
 * @param listener told about connects, losses and refusals; nobody
 */
public record WorkerOptions(
        String name,
        @Nullable String description,
        @Nullable String namespace,
        String runtime,
        @Nullable String isolation,
        Map<String, String> headers,
        Duration callTimeout,
        Duration connectTimeout,
        Duration closeTimeout,
        Reconnect reconnect,
        Duration pingInterval,
        Duration idleTimeout,
        int maxQueuedFrames,
        int maxMessageBytes,
        boolean keepAlive,
        @Nullable SSLContext sslContext,
        @Nullable ObjectMapper objectMapper,
        @Nullable OpenTelemetry openTelemetry,
        WorkerListener listener) {

    public WorkerOptions {
        headers = Map.copyOf(headers);
        requirePositive("callTimeout", callTimeout);
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("pingInterval", pingInterval);
        requirePositive("idleTimeout", idleTimeout);
        if (maxMessageBytes <= 0) {
            throw new IllegalArgumentException("maxMessageBytes is " + maxMessageBytes + ": give at least 1");
        }
    }

    private static void requirePositive(String option, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(option + " is " + value + ": give more than zero");
        }
    }

    /** Headers may hold credentials, so only the name is shown. */
    @Override
    public String toString() {
        return "WorkerOptions[" + name + "]";
    }

    public static WorkerOptionsBuilder builder() {
        return new WorkerOptionsBuilder();
    }

    /** Default options under this name. */
    public static WorkerOptions named(String name) {
        return builder().name(name).build();
    }
}
