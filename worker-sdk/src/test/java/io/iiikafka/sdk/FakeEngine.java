package io.iiikafka.sdk;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.PfxOptions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.FrameReader;
import io.iiikafka.sdk.protocol.FrameWriter;
import io.iiikafka.sdk.protocol.InvalidFrameException;
import io.iiikafka.sdk.protocol.RawJson;

/** The engine's side of the protocol, as little of it as the SDK's tests need, on a real socket. */
final class FakeEngine {

    /** Calls of this function are never answered. */
    static final String BLACK_HOLE = "test::black-hole";

    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private @Nullable HttpServer server;

    final List<Connected> connections = new CopyOnWriteArrayList<>();
    private final Map<String, Connected> owners = new ConcurrentHashMap<>();
    private final Map<String, Connected> callers = new ConcurrentHashMap<>();
    private final Map<String, Pipe> channels = new ConcurrentHashMap<>();
    volatile int refuseWith;

    private final @Nullable PfxOptions tls;

    FakeEngine() throws Exception {
        this(null);
    }

    FakeEngine(@Nullable PfxOptions tls) throws Exception {
        this.tls = tls;
        server = listen(0);
        port = server.actualPort();
    }

    private HttpServer listen(int onPort) throws Exception {
        HttpServerOptions options = new HttpServerOptions()
                .setPort(onPort)
                .setHost("127.0.0.1")
                .setMaxWebSocketFrameSize(64 << 20)
                .setMaxWebSocketMessageSize(64 << 20)
                .setTcpNoDelay(true);
        if (tls != null) {
            options.setSsl(true).setKeyCertOptions(tls);
        }
        return vertx.createHttpServer(options)
                .webSocketHandshakeHandler(this::handshake)
                .webSocketHandler(this::accept)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    URI address() {
        return URI.create((tls == null ? "ws://127.0.0.1:" : "wss://localhost:") + port);
    }

    private void handshake(ServerWebSocketHandshake handshake) {
        boolean channelMissing =
                handshake.path().startsWith("/ws/channels/") && pipe(handshake.path(), handshake.query()) == null;
        if (refuseWith != 0 || channelMissing) {
            handshake.reject(refuseWith != 0 ? refuseWith : 404);
        } else {
            handshake.accept();
        }
    }

    private @Nullable Pipe pipe(String path, String query) {
        Pipe pipe = channels.get(path.substring("/ws/channels/".length()));
        return pipe != null && query.contains("key=" + pipe.key) ? pipe : null;
    }

    private void accept(ServerWebSocket socket) {
        if (socket.path().startsWith("/ws/channels/")) {
            Pipe pipe = pipe(socket.path(), socket.query());
            if (pipe != null) {
                pipe.join(socket, socket.query().contains("dir=write"));
            }
            return;
        }
        Connected connected = new Connected(socket, UUID.randomUUID().toString());
        connections.add(connected);
        connected.send(new Frame.WorkerRegistered(connected.id, "token-of-" + connected.id));
        socket.textMessageHandler(text -> {
            try {
                Frame frame = FrameReader.read(text);
                connected.frames.add(frame);
                handle(connected, frame);
            } catch (InvalidFrameException e) {
                connected.faults.add(e.getMessage());
            }
        });
        socket.pongHandler(pong -> connected.pongs++);
        socket.closeHandler(gone -> {
            connected.closeCode = socket.closeStatusCode();
            owners.values().removeIf(owner -> owner == connected);
        });
    }

    private void handle(Connected from, Frame frame) {
        switch (frame) {
            case Frame.RegisterFunction f -> owners.put(f.id(), from);
            case Frame.UnregisterFunction f -> owners.remove(f.id(), from);
            case Frame.InvokeFunction call -> invoke(from, call);
            case Frame.InvocationResult result -> {
                Connected caller = callers.remove(result.invocationId());
                if (caller != null) {
                    caller.send(result);
                }
            }
            default -> { }
        }
    }

    private void invoke(Connected from, Frame.InvokeFunction call) {
        String id = call.invocationId();
        if (call.functionId().equals("engine::workers::register") || call.functionId().equals(BLACK_HOLE)) {
            return;
        }
        if (call.functionId().equals("engine::channels::create") && id != null) {
            String channel = UUID.randomUUID().toString();
            Pipe pipe = new Pipe(UUID.randomUUID().toString());
            channels.put(channel, pipe);
            Map<String, Object> refs =
                    Map.of("writer", ref(channel, pipe, "write"), "reader", ref(channel, pipe, "read"));
            from.send(new Frame.InvocationResult(id, call.functionId(), RawJson.ofValue(refs), null, null, null));
            return;
        }
        if (call.action() instanceof Action.Enqueue && id != null) {
            from.send(new Frame.InvocationResult(
                    id, call.functionId(), RawJson.of("{\"messageReceiptId\":\"receipt-1\"}"), null, null, null));
            return;
        }
        Connected owner = owners.get(call.functionId());
        if (owner == null) {
            if (id != null && call.action() instanceof Action.Sync) {
                ErrorBody error = new ErrorBody("function_not_found", "Function " + call.functionId() + " not found");
                from.send(new Frame.InvocationResult(id, call.functionId(), null, error, null, null));
            }
            return;
        }
        String calleeId = id == null ? UUID.randomUUID().toString() : id;
        if (id != null && call.action() instanceof Action.Sync) {
            callers.put(id, from);
        }
        owner.sendBytes(FrameWriter.writeInvocation(
                calleeId, call.functionId(), call.data(), from.id, call.traceparent(), call.baggage(), call.metadata()));
    }

    private static Map<String, String> ref(String channel, Pipe pipe, String direction) {
        return Map.of("channel_id", channel, "access_key", pipe.key, "direction", direction);
    }

    /** The newest connection; waits for the first one, since a worker may know of it before this side does. */
    Connected last() {
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !connections.isEmpty());
        return connections.getLast();
    }

    /** Cuts all sockets without a close frame and answers no more, until {@link #start()}. */
    void stop() throws Exception {
        HttpServer running = server;
        server = null;
        if (running != null) {
            running.shutdown(0, TimeUnit.SECONDS).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    void start() throws Exception {
        server = listen(port);
    }

    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    /** One worker socket and what came over it. */
    final class Connected {

        final ServerWebSocket socket;
        final String id;
        final List<Frame> frames = new CopyOnWriteArrayList<>();
        final List<String> faults = new CopyOnWriteArrayList<>();
        volatile @Nullable Short closeCode;
        volatile int pongs;

        private Connected(ServerWebSocket socket, String id) {
            this.socket = socket;
            this.id = id;
        }

        void send(Frame frame) {
            sendBytes(FrameWriter.write(frame));
        }

        void sendText(String text) {
            socket.writeTextMessage(text);
        }

        private void sendBytes(byte[] json) {
            socket.writeTextMessage(new String(json, StandardCharsets.UTF_8));
        }

        /** Cuts the TCP connection. */
        void cut() {
            ((WebSocketInternal) socket).channelHandlerContext().close();
        }

        /** Reads nothing any more and so answers no pings either, with the TCP connection still up. */
        void deafen() {
            ((WebSocketInternal) socket).channelHandlerContext().channel().config().setAutoRead(false);
        }

        <T extends Frame> List<T> all(Class<T> type) {
            List<T> found = new ArrayList<>();
            frames.forEach(frame -> {
                if (type.isInstance(frame)) {
                    found.add(type.cast(frame));
                }
            });
            return found;
        }

        <T extends Frame> T await(Class<T> type, Predicate<T> wanted) {
            return Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> all(type).stream().filter(wanted).findFirst(), Optional::isPresent)
                    .orElseThrow();
        }
    }

    private static final class Pipe {

        private final String key;
        private @Nullable ServerWebSocket writer;
        private @Nullable ServerWebSocket reader;

        private Pipe(String key) {
            this.key = key;
        }

        private synchronized void join(ServerWebSocket socket, boolean writes) {
            if (writes) {
                writer = socket;
                socket.pause();
            } else {
                reader = socket;
            }
            ServerWebSocket from = writer;
            ServerWebSocket to = reader;
            if (from != null && to != null) {
                from.frameHandler(frame -> {
                    if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                        to.writeFrame(frame);
                        if (to.writeQueueFull()) {
                            from.pause();
                            to.drainHandler(drained -> from.resume());
                        }
                    } else if (frame.isClose()) {
                        to.close();
                    }
                });
                from.resume();
            }
        }
    }
}
