package io.iiikafka.sdk;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.OpenTelemetry;
import org.jspecify.annotations.Nullable;

/** Makes {@link WorkerOptions}, where each setting and its default is described. */
public final class WorkerOptionsBuilder {

    private @Nullable String name = environment("III_WORKER_NAME");
    private @Nullable String description;
    private @Nullable String namespace = environment("III_NAMESPACE");
    private String runtime = "java";
    private @Nullable String isolation = environment("III_ISOLATION");
    private final Map<String, String> headers = new HashMap<>();
    private Duration callTimeout = Duration.ofSeconds(30);
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private Reconnect reconnect = Reconnect.DEFAULT;
    private Duration pingInterval = Duration.ofSeconds(20);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private int maxQueuedFrames = 10_000;
    private int maxMessageBytes = 64 * 1024 * 1024;
    private boolean keepAlive = true;
    private @Nullable SSLContext sslContext;
    private @Nullable ObjectMapper objectMapper;
    private @Nullable OpenTelemetry openTelemetry;
    private WorkerListener listener = new WorkerListener() {};

    WorkerOptionsBuilder() {}

    public WorkerOptionsBuilder name(String value) {
        name = value;
        return this;
    }

    public WorkerOptionsBuilder description(String value) {
        description = value;
        return this;
    }

    public WorkerOptionsBuilder namespace(String value) {
        namespace = value;
        return this;
    }

    public WorkerOptionsBuilder runtime(String value) {
        runtime = value;
        return this;
    }

    public WorkerOptionsBuilder isolation(String value) {
        isolation = value;
        return this;
    }

    public WorkerOptionsBuilder header(String key, String value) {
        headers.put(key, value);
        return this;
    }

    public WorkerOptionsBuilder callTimeout(Duration value) {
        callTimeout = value;
        return this;
    }

    public WorkerOptionsBuilder connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    public WorkerOptionsBuilder closeTimeout(Duration value) {
        closeTimeout = value;
        return this;
    }

    public WorkerOptionsBuilder reconnect(Reconnect value) {
        reconnect = value;
        return this;
    }

    public WorkerOptionsBuilder pingInterval(Duration value) {
        pingInterval = value;
        return this;
    }

    public WorkerOptionsBuilder idleTimeout(Duration value) {
        idleTimeout = value;
        return this;
    }

    public WorkerOptionsBuilder maxQueuedFrames(int value) {
        maxQueuedFrames = value;
        return this;
    }

    public WorkerOptionsBuilder maxMessageBytes(int value) {
        maxMessageBytes = value;
        return this;
    }

    public WorkerOptionsBuilder keepAlive(boolean value) {
        keepAlive = value;
        return this;
    }

    public WorkerOptionsBuilder sslContext(SSLContext value) {
        sslContext = value;
        return this;
    }

    public WorkerOptionsBuilder objectMapper(ObjectMapper value) {
        objectMapper = value;
        return this;
    }

    public WorkerOptionsBuilder openTelemetry(OpenTelemetry value) {
        openTelemetry = value;
        return this;
    }

    public WorkerOptionsBuilder listener(WorkerListener value) {
        listener = value;
        return this;
    }

    public WorkerOptions build() {
        return new WorkerOptions(
                name == null ? hostAndPid() : name,
                description,
                namespace,
                runtime,
                isolation,
                headers,
                callTimeout,
                connectTimeout,
                closeTimeout,
                reconnect,
                pingInterval,
                idleTimeout,
                maxQueuedFrames,
                maxMessageBytes,
                keepAlive,
                sslContext,
                objectMapper,
                openTelemetry,
                listener);
    }

    private static @Nullable String environment(String key) {
        String value = System.getenv(key);
        return value == null || value.isBlank() ? null : value;
    }

    private static String hostAndPid() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + ":" + ProcessHandle.current().pid();
    }
}
