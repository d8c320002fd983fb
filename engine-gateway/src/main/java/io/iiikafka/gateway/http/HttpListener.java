package io.iiikafka.gateway.http;

import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.iiikafka.gateway.StartupException;
import io.iiikafka.gateway.broker.FreePort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;

/** The servers of one address, one per event loop (spec: http.md 1, 18). */
final class HttpListener {

    /** As long as the reference takes: longer is answered 414. */
    private static final int LONGEST_URI = 65_534;

    private static final int REQUEST_LINE_EXTRAS = 32;

    /** Larger is answered 431. */
    private static final int HEADER_BYTES = 400 * 1024;

    private final HttpServices services;
    private final Supplier<HttpRules> rules;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    HttpListener(HttpServices services, Supplier<HttpRules> rules) {
        this.services = services;
        this.rules = rules;
    }

    /** Binds; gives the port. Fails with a {@link StartupException} when it is taken. */
    Future<Integer> listen(String host, int port, int eventLoops) {
        // Servers share a port only when it is named, so any free one is chosen before.
        int named = port == 0 ? FreePort.any() : port;
        long bodyMemory = services.limits().bodyMemoryBytes() / eventLoops;
        Future<Integer> bound = bind(host, named, bodyMemory);
        for (int i = 1; i < eventLoops; i++) {
            bound = bound.compose(again -> bind(host, named, bodyMemory));
        }
        return bound.recover(failure -> Future.failedFuture(
                isInUse(failure)
                        ? new StartupException("address " + host + ":" + port + " is already in use", failure)
                        : failure));
    }

    /** Native transports have exceptions of their own. */
    private static boolean isInUse(Throwable failure) {
        return failure instanceof BindException || String.valueOf(failure.getMessage()).contains("in use");
    }

    private Future<Integer> bind(String host, int port, long bodyMemory) {
        Vertx vertx = services.vertx();
        Promise<Integer> bound = Promise.promise();
        // A context of its own gives each server, and so its connections, the next event loop.
        ((VertxInternal) vertx).createEventLoopContext().runOnContext(nothing -> {
            HttpServer server = vertx.createHttpServer(options());
            servers.add(server);
            FrontDoor door = new FrontDoor(services, rules, bodyMemory);
            server.connectionHandler(door::opened)
                    .requestHandler(door)
                    .listen(port, host)
                    .map(HttpServer::actualPort)
                    .onComplete(bound);
        });
        return bound.future();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(LONGEST_URI + REQUEST_LINE_EXTRAS)
                .setMaxHeaderSize(HEADER_BYTES)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
    }

    /** Takes no more connections, ends idle ones, and gives requests at work so long to finish. */
    Future<Void> close(Duration drain) {
        return Future.join(servers.stream()
                        .map(server -> server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }
}
