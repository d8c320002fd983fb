package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.iiikafka.gateway.broker.FreePort;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/**
 * One address at which workers connect: {@code /} for the worker protocol, {@code /otel} for telemetry only,
 * {@code /ws/channels/…} for channel data (spec: protocol.md 1.2).
 */
public final class WorkerListener {

    private static final int HEAD_LIMIT = 64 * 1024;

    /** Where the listener is bound, and how long a connection may take to send its request's head. */
    public record Address(String name, String host, int port, Duration handshakeTimeout) {}

    private final ConnectionServices services;
    private final Departed departed;
    private final Address address;
    private final ProviderAnswers providerAnswers;
    private final SocketMetrics metrics;
    private final Handler<HttpServerRequest> channels;
    private final Reattachment reattachment;
    private final HandshakeDeadline handshakes;
    private final UnfinishedMessages unfinished;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Set<WorkerSocket> telemetry = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /**
     * @param departed connections of this gateway, by whichever listener they came in
     * @param channels serves requests for channel data sockets
     */
    public WorkerListener(
            ConnectionServices services,
            Departed departed,
            Address address,
            ProviderAnswers providerAnswers,
            SocketMetrics metrics,
            Handler<HttpServerRequest> channels) {
        this.services = services;
        this.departed = departed;
        this.address = address;
        this.providerAnswers = providerAnswers;
        this.metrics = metrics;
        this.channels = channels;
        this.handshakes = new HandshakeDeadline(services.vertx(), address.handshakeTimeout());
        this.unfinished = UnfinishedMessages.upToAnEighthOfTheHeap(services.settings().maxMessageBytes());
        this.reattachment = new Reattachment(
                services.catalog(), services.catalogWriter(), services.connections(), departed);
    }

    /** Binds once per event loop, so that connections spread over all of them; gives the port. */
    public Future<Integer> listen(int eventLoops) {
        // Servers share a port only when it is named, so any free one is chosen before.
        Future<Integer> bound = bind(address.port() == 0 ? FreePort.any() : address.port());
        for (int i = 1; i < eventLoops; i++) {
            bound = bound.compose(this::bind);
        }
        return bound;
    }

    private Future<Integer> bind(int port) {
        Vertx vertx = services.vertx();
        Promise<Integer> bound = Promise.promise();
        // A context of its own gives each server, and so its connections, the next event loop.
        ((VertxInternal) vertx).createEventLoopContext().runOnContext(nothing -> {
            HttpServer server = vertx.createHttpServer(options());
            servers.add(server);
            server.connectionHandler(handshakes::begin)
                    .requestHandler(this::request)
                    .listen(port, address.host())
                    .map(HttpServer::actualPort)
                    .onComplete(bound);
        });
        return bound.future();
    }

    private HttpServerOptions options() {
        int message = services.settings().maxMessageBytes();
        // With HTTP/2 over plain TCP allowed, a connection would not be told of before its first bytes are in, and so
        // could not be given a deadline for them.
        return new HttpServerOptions()
                .setMaxWebSocketFrameSize(message)
                .setMaxWebSocketMessageSize(message)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setRegisterWebSocketWriteHandlers(false)
                .setWebSocketClosingTimeout(2)
                .setMaxHeaderSize(HEAD_LIMIT)
                .setMaxInitialLineLength(HEAD_LIMIT)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
    }

    private void request(HttpServerRequest request) {
        handshakes.met(request.connection());
        if (draining) {
            request.response().setStatusCode(503).end("This gateway is shutting down");
            return;
        }
        String path = request.path() == null ? "/" : request.path();
        if (path.startsWith("/ws/channels/") || request.uri().contains("/ws/channels/")) {
            channels.handle(new WatchedRequest((HttpServerRequestInternal) request));
        } else if (path.equals("/")) {
            upgrade(request, this::worker);
        } else if (path.equals("/otel")) {
            upgrade(request, this::telemetry);
        } else {
            request.response().setStatusCode(404).end("Not Found");
        }
    }

    private static void upgrade(HttpServerRequest request, Handler<ServerWebSocket> opened) {
        String refusal = UpgradeCheck.refusal(request);
        if (refusal != null) {
            request.response().setStatusCode(400).end(refusal);
            return;
        }
        request.toWebSocket().onSuccess(opened);
    }

    private void telemetry(ServerWebSocket webSocket) {
        WorkerSocket socket = new WorkerSocket(services.vertx(), webSocket, services.settings().maxQueuedBytes());
        telemetry.add(socket);
        socket.watch(unfinished);
        webSocket.frameHandler(frame -> metrics.telemetryFrame());
        webSocket.exceptionHandler(failure -> broken(failure, socket));
        webSocket.closeHandler(closed -> telemetry.remove(socket));
    }

    /** Of a channel: what it sends is bounded as what workers send on their own socket is. */
    private final class WatchedRequest extends HttpServerRequestWrapper {

        WatchedRequest(HttpServerRequestInternal request) {
            super(request);
        }

        @Override
        public Future<ServerWebSocket> toWebSocket() {
            return super.toWebSocket().map(webSocket -> {
                new WorkerSocket(services.vertx(), webSocket, Long.MAX_VALUE).watch(unfinished);
                return webSocket;
            });
        }
    }

    private void broken(Throwable failure, WorkerSocket socket) {
        metrics.invalidFrame();
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            // Vert.x would say 1000, from which a worker in Python does not come back (spec: protocol.md 1.6).
            socket.close((short) corrupted.closeStatus().code(), corrupted.closeStatus().reasonText());
        }
    }

    private void worker(ServerWebSocket webSocket) {
        if (draining) { // since it asked for its upgrade
            webSocket.close(WorkerSocket.SERVICE_RESTART, "the gateway stops");
            return;
        }
        WorkerSocket socket =
                new WorkerSocket(services.vertx(), webSocket, services.settings().maxQueuedBytes());
        WorkerConnection connection = new WorkerConnection(services, departed, socket, webSocket, address.name());
        FrameDispatch dispatch = new FrameDispatch(
                connection, reattachment, providerAnswers, metrics, services.settings().maxMessageBytes());
        MessageAssembler assembler =
                new MessageAssembler(services.settings().maxMessageBytes());
        Heartbeat heartbeat = new Heartbeat(services.vertx(), services.settings(), socket);
        // Bytes, not frames: a large one takes its time on a slow line, and no pong can come meanwhile.
        socket.watch(unfinished, () -> {
            heartbeat.heard();
            connection.probe().heard();
        });
        webSocket.frameHandler(frame -> read(frame, assembler, dispatch, socket));
        webSocket.exceptionHandler(failure -> broken(failure, socket));
        webSocket.closeHandler(closed -> {
            heartbeat.stop();
            metrics.disconnected();
            connection.end(CloseCodes.saysGoodbye(webSocket.closeStatusCode()));
        });
        metrics.connected();
        connection.begin();
    }

    private static void read(
            WebSocketFrame frame, MessageAssembler assembler, FrameDispatch dispatch, WorkerSocket socket) {
        if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
            return;
        }
        try {
            byte[] message = assembler.add(frame);
            if (message != null) {
                dispatch.message(message);
            }
        } catch (MessageAssembler.TooLarge e) {
            socket.close(WorkerSocket.MESSAGE_TOO_BIG, String.valueOf(e.getMessage()));
        }
    }

    /** Takes no further connections; those that are open stay. */
    public void drain() {
        draining = true;
    }

    /** Ends all connections. */
    public Future<Void> close() {
        telemetry.forEach(socket ->
                socket.execute(() -> socket.close(WorkerSocket.SERVICE_RESTART, "the gateway stops")));
        return Future.join(servers.stream().map(HttpServer::close).toList()).mapEmpty();
    }
}
