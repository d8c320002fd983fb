package io.iiikafka.gateway.channel;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Data sockets whose channel is on another gateway: a worker may reach any of them. Frames go through as they are, with
 * back-pressure and close codes, both ways.
 */
public final class ChannelRelay implements AutoCloseable {

    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;
    private static final short LOST = 1011;

    private final WebSocketClient client;
    private final IntFunction<Optional<String>> addresses;
    private final ChannelRegistry registry;
    private final Set<WebSocketBase> peers = ConcurrentHashMap.newKeySet();
    private final Set<WebSocketBase> workers = ConcurrentHashMap.newKeySet();

    /**
     * @param registry of this gateway
     * @param addresses gives {@code host:port} of the worker listener of the gateway with that short id
     */
    public ChannelRelay(Vertx vertx, ChannelRegistry registry, IntFunction<Optional<String>> addresses) {
        this.addresses = addresses;
        this.registry = registry;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setMaxFrameSize(LARGEST_MESSAGE)
                .setMaxMessageSize(LARGEST_MESSAGE)
                .setConnectTimeout(5_000));
    }

    void handle(HttpServerRequest http, ChannelRequest request) {
        Integer owner = ChannelRegistry.ownerOf(request.channelId());
        String address = owner == null ? null : addresses.apply(owner).orElse(null);
        int colon = address == null ? -1 : address.lastIndexOf(':');
        if (address == null || colon < 0) {
            ChannelSockets.refuse(http);
            return;
        }
        http.pause(); // it cannot become a WebSocket once it has been read to its end
        ClientWebSocket peer = client.webSocket();
        RelayDirection down = RelayDirection.from(
                peer,
                registry.pausable(peer),
                ChannelRelay::lost);
        peer.connect(
                        Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon), request.uri())
                .onSuccess(connected -> join(http, connected, down))
                .onFailure(failure -> refuse(http, failure));
    }

    /** Both sides must see a loss as a loss: the worker by a close code, the holder of the channel by a cut. */
    private void join(HttpServerRequest http, WebSocket peer, RelayDirection down) {
        EmptyClose.allow(peer);
        remember(peer, peers);
        http.toWebSocket()
                .onSuccess(worker -> {
                    EmptyClose.allow(worker);
                    remember(worker, workers);
                    LateFrames.allow(worker, registry.settings().closeGrace());
                    RelayDirection.from(worker, registry.pausable(worker), ChannelRelay::cut).to(peer);
                    down.to(worker);
                })
                .onFailure(gone -> cut(peer));
    }

    private static void remember(WebSocketBase socket, Set<WebSocketBase> among) {
        among.add(socket);
        ((WebSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .closeFuture()
                .addListener(closed -> among.remove(socket));
    }

    private static void lost(WebSocketBase worker) {
        worker.close(LOST, "The other end of this channel was lost");
    }

    private static void cut(WebSocketBase socket) {
        ((WebSocketInternal) socket).channelHandlerContext().close();
    }

    private static void refuse(HttpServerRequest http, Throwable failure) {
        if (failure instanceof UpgradeRejectedException rejected && rejected.getStatus() == 404) {
            ChannelSockets.refuse(http);
        } else {
            http.response().setStatusCode(502).end("The gateway that holds this channel cannot be reached");
        }
    }

    /** Streams that are under way are broken off: the holder of a channel must not take them for complete. */
    @Override
    public void close() {
        workers.forEach(ChannelRelay::lost);
        peers.forEach(ChannelRelay::cut);
        client.close();
    }
}
