package io.iiikafka.gateway.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.gateway.channel.ChannelRegistry;
import io.iiikafka.gateway.channel.ChannelRelay;
import io.iiikafka.gateway.channel.ChannelSettings;
import io.iiikafka.gateway.channel.ChannelSockets;
import io.iiikafka.gateway.config.CorsConfig;
import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.config.HttpMiddlewareConfig;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** The HTTP room on a real port, in front of functions that are lambdas. */
final class HttpFixture implements AutoCloseable {

    static final HttpLimits LIMITS =
            new HttpLimits(2 * 1024 * 1024, 3 * 1024 * 1024, Duration.ofMillis(300), Duration.ofMillis(500));

    private static final ObjectMapper JSON = new ObjectMapper();

    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    final Functions functions = new Functions();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ChannelRegistry channels = new ChannelRegistry(vertx, 7, ChannelSettings.DEFAULT);
    final HttpRoom room;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer channelServer;
    private HttpConfig config = plain();
    private long offset;

    HttpFixture() {
        this(LIMITS, OpenTelemetry.noop());
    }

    /** As usual, but for how long a request may wait for a slot. */
    static HttpFixture waitingForSlots(Duration slotWait) {
        HttpLimits limits = new HttpLimits(LIMITS.parsedBodyBytes(), LIMITS.bodyMemoryBytes(), slotWait, LIMITS.drain());
        return new HttpFixture(limits, OpenTelemetry.noop());
    }

    HttpFixture(HttpLimits limits, OpenTelemetry openTelemetry) {
        room = new HttpRoom(vertx, config, limits, functions, channels, meters, openTelemetry, 2);
        await(room.listen());
        channelServer = await(vertx.createHttpServer(new HttpServerOptions()
                        .setMaxWebSocketFrameSize(1 << 24)
                        .setMaxWebSocketMessageSize(1 << 24))
                .requestHandler(new ChannelSockets(channels, new ChannelRelay(vertx, channels, id -> Optional.empty())))
                .listen(0, "127.0.0.1"));
    }

    /** Where workers open their ends of channels. */
    String channelBase() {
        return "ws://127.0.0.1:" + channelServer.actualPort();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static HttpConfig plain() {
        return new HttpConfig(
                "127.0.0.1",
                0,
                Duration.ofSeconds(5),
                Optional.empty(),
                64,
                List.of(),
                OptionalLong.empty(),
                false,
                "x-request-id",
                false,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                OptionalLong.empty(),
                false);
    }

    /** Settings are records without copies of their own: one that a test can change member by member. */
    static final class Settings {
        String host;
        int port;
        Duration timeout;
        Optional<CorsConfig> cors;
        int slots;
        List<HttpMiddlewareConfig> middleware;
        OptionalLong bodyLimit;
        boolean trustProxy;
        boolean fold;
        Optional<String> notFound;
        Duration headerTimeout;
        Duration idleTimeout;
        OptionalLong rawBody;
        boolean hideErrors;

        Settings(HttpConfig config) {
            host = config.host();
            port = config.port();
            timeout = config.defaultTimeout();
            cors = config.cors();
            slots = config.concurrencyRequestLimit();
            middleware = config.middleware();
            bodyLimit = config.bodyLimitBytes();
            trustProxy = config.trustProxy();
            fold = config.ignoreTrailingSlash();
            notFound = config.notFoundFunction();
            headerTimeout = config.headerTimeout();
            idleTimeout = config.idleTimeout();
            rawBody = config.rawBodyBytes();
            hideErrors = config.hideErrors();
        }

        HttpConfig toConfig() {
            return new HttpConfig(
                    host, port, timeout, cors, slots, middleware, bodyLimit, trustProxy, "x-request-id", fold,
                    notFound, headerTimeout, idleTimeout, rawBody, hideErrors);
        }
    }

    HttpConfig changed(java.util.function.Consumer<Settings> change) {
        Settings settings = new Settings(config);
        change.accept(settings);
        return settings.toConfig();
    }

    void configure(java.util.function.Consumer<Settings> change) {
        config = changed(change);
        await(room.reconfigure(config));
    }

    ErrorBody bind(String key, String functionId, String config) {
        return room.triggerType().bind(binding(key, functionId, config));
    }

    Binding binding(String key, String functionId, String config) {
        return binding(key, functionId, config, "default", null);
    }

    Binding binding(String key, String functionId, String config, String namespace, RawJson metadata) {
        return new Binding(key, key, "w", "http", functionId, namespace, RawJson.of(config), metadata, offset++);
    }

    /** A route named after its function. */
    void route(String method, String path, String functionId) {
        route(method, path, functionId, "");
    }

    /** @param members further ones of the trigger's configuration, each beginning with a comma */
    void route(String method, String path, String functionId, String members) {
        ErrorBody refused = bind(
                functionId,
                functionId,
                "{\"http_method\":\"" + method + "\",\"api_path\":\"" + path + "\"" + members + "}");
        if (refused != null) {
            throw new AssertionError(refused);
        }
    }

    /** A route whose handler returns what it was given, as the body. */
    void echo(String method, String path, String functionId, String members) {
        functions.put(functionId, call -> Future.succeededFuture(new io.iiikafka.topology.record.Outcome.Success(
                RawJson.of("{\"status_code\":200,\"body\":" + call.data() + "}"))));
        route(method, path, functionId, members);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + room.port() + path);
    }

    HttpResponse<String> get(String path) {
        return send(path, request -> request);
    }

    HttpResponse<String> post(String path, String contentType, String body) {
        return send(path, request -> {
            HttpRequest.Builder typed = contentType == null ? request : request.header("content-type", contentType);
            return typed.POST(HttpRequest.BodyPublishers.ofString(body));
        });
    }

    HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        try {
            return client.send(
                    request.apply(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10))).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends bytes as they are and gives all that comes back until the engine closes. */
    String raw(String request) {
        try (Socket socket = new Socket("127.0.0.1", room.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        await(room.close());
        client.close();
        await(vertx.close());
    }
}
