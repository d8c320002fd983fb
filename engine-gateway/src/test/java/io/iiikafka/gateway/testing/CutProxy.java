package io.iiikafka.gateway.testing;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/**
 * A TCP proxy that cuts connections one side at a time: the client is gone at once, while the server still believes for
 * a while that it is there. That is how half-open connections look to an engine.
 */
public final class CutProxy implements AutoCloseable {

    private record Pair(NetSocket client, NetSocket server) {}

    private final Vertx vertx;
    private final NetServer server;
    private final NetClient connector;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile int target;

    public CutProxy(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        this.connector = vertx.createNetClient();
        this.server = vertx.createNetServer();
        server.connectHandler(this::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public int port() {
        return server.actualPort();
    }

    /** Where connections go from now on. */
    public void target(int port) {
        target = port;
    }

    private void accept(NetSocket client) {
        client.pause();
        connector.connect(target, "127.0.0.1").onFailure(refused -> client.close()).onSuccess(upstream -> {
            Pair pair = new Pair(client, upstream);
            pairs.add(pair);
            client.pipeTo(upstream);
            upstream.closeHandler(closed -> {
                pairs.remove(pair);
                client.close();
            });
            upstream.handler(data -> client.write(data));
            client.resume();
        });
    }

    /** Cuts all connections at the client's side; the server sees the end only after {@code hold}. */
    public void cut(Duration hold) {
        for (Pair pair : pairs) {
            pairs.remove(pair);
            pair.server().closeHandler(closed -> {});
            pair.server().handler(data -> {});
            // Without this the pipe would pass the client's end on to the server.
            pair.client().closeHandler(closed -> {});
            pair.client().endHandler(ended -> {});
            pair.client().handler(data -> {});
            pair.client().close();
            vertx.setTimer(Math.max(1, hold.toMillis()), timer -> pair.server().close());
        }
    }

    @Override
    public void close() {
        server.close();
        connector.close();
    }
}
