package io.iiikafka.gateway.stream;

import java.net.BindException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.StartupException;
import io.iiikafka.gateway.broker.FreePort;
import io.iiikafka.gateway.provided.ProvidedStreams;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;

/**
 * The stream sockets of one gateway: browsers and the like that listen to streams without being workers (spec: stream.md 5).
 *
 * <p>Life: built before the gateway starts, so that triggers are known when it is ready; {@link #listen} after; {@link
 * #close} before the gateway closes, while workers can still be told who left.
 */
public final class StreamSockets {

    /**
     * A client says no more than names. The port is open to everybody, and what is not yet whole has to be kept: four
     * clients with the 64 MiB of spec stream.md 5.1.8 would be the end of an engine with the usual heap.
     */
    private static final int MAX_MESSAGE = 256 * 1024;
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final long LEAVE_PATIENCE_MS = 5_000;

    private final Vertx vertx;
    private final StreamSocketSettings settings;
    private final StreamServices services;
    private final Handshake handshake;
    private final Departures departures;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile int port = -1;

    public StreamSockets(
            Vertx vertx,
            StreamSocketSettings settings,
            Gateway gateway,
            StreamRoom room,
            ProvidedStreams provided,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.settings = settings;
        GroupFeeds feeds = new GroupFeeds();
        SubscriptionTriggers triggers = new SubscriptionTriggers(gateway.invoker(), settings);
        GroupCalls calls = new GroupCalls(gateway.id(), gateway.invoker(), room, provided);
        StreamClients clients = new StreamClients();
        this.services = new StreamServices(
                vertx,
                settings,
                gateway.invoker(),
                feeds,
                calls,
                triggers,
                clients,
                new StreamMetrics(meters),
                new SyncPermits(Runtime.getRuntime().maxMemory() / 4),
                new FlushRounds());
        this.handshake = new Handshake(services);
        this.departures = new Departures(gateway.id(), calls, clients);
        gateway.listen(feeds);
        gateway.serve(triggers.joins());
        gateway.serve(triggers.leaves());
        gateway.catalog().listen(departures);
    }

    /** Begins to serve; gives the port. Fails with a {@link StartupException} when it is taken. */
    public Future<Integer> listen(int eventLoops) {
        departures.begin();
        // Servers share a port only when it is named, so any free one is chosen before.
        int named = settings.port() == 0 ? FreePort.any() : settings.port();
        Future<Integer> bound = bind(named);
        for (int i = 1; i < eventLoops; i++) {
            bound = bound.compose(again -> bind(named));
        }
        return bound.onSuccess(at -> port = at)
                .recover(failure -> Future.failedFuture(
                        failure instanceof BindException
                                ? new StartupException(
                                        "address " + settings.host() + ":" + named + " is already in use", failure)
                                : failure));
    }

    private Future<Integer> bind(int named) {
        Promise<Integer> bound = Promise.promise();
        // A context of its own gives each server, and so its connections, the next event loop.
        ((VertxInternal) vertx).createEventLoopContext().runOnContext(nothing -> {
            HttpServer server = vertx.createHttpServer(options());
            servers.add(server);
            server.requestHandler(handshake::request)
                    .listen(named, settings.host())
                    .map(HttpServer::actualPort)
                    .onComplete(bound);
        });
        return bound.future();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxWebSocketFrameSize(MAX_MESSAGE)
                .setMaxWebSocketMessageSize(MAX_MESSAGE)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of("*"))
                .setRegisterWebSocketWriteHandlers(false)
                .setWebSocketClosingTimeout(2)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEAD_LIMIT)
                .setMaxInitialLineLength(HEAD_LIMIT)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
    }

    /** Where it listens; -1 before it does. */
    public int port() {
        return port;
    }

    /** Ends all connections; their leave triggers are called first, within five seconds. */
    public Future<Void> close() {
        handshake.drain();
        departures.end();
        List<StreamClient> open = services.clients().all();
        Promise<Void> told = Promise.promise();
        long timer = vertx.setTimer(LEAVE_PATIENCE_MS, late -> told.tryComplete());
        Future.join(open.stream().map(StreamSockets::leave).toList()).onComplete(all -> told.tryComplete());
        return told.future()
                .onComplete(done -> vertx.cancelTimer(timer))
                .compose(done -> Future.join(open.stream().map(StreamSockets::goodbye).toList()))
                .compose(done -> Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty());
    }

    /** Before the server closes the socket, which would not say why. */
    private static Future<Void> goodbye(StreamClient client) {
        Promise<Void> said = Promise.promise();
        client.execute(() -> {
            client.socket().close(StreamSocket.SERVICE_RESTART, "the engine is stopping");
            said.complete();
        });
        return said.future();
    }

    private static Future<Void> leave(StreamClient client) {
        Promise<Void> left = Promise.promise();
        client.execute(() -> client.end().onComplete(left));
        return left.future();
    }
}
