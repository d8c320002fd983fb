package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Connections that were cut off while they waited for results, for as long as SDKs wait by default: the worker's next
 * connection may claim what comes in for them (spec: protocol.md 2.4).
 */
public final class Departed {

    private static final Duration CLAIMABLE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Map<String, WorkerConnection> byId = new ConcurrentHashMap<>();

    public Departed(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(WorkerConnection connection) {
        byId.put(connection.id(), connection);
        vertx.setTimer(CLAIMABLE.toMillis(), timer -> {
            byId.remove(connection.id());
            connection.execute(connection.caller()::giveUp);
        });
    }

    @Nullable WorkerConnection get(String id) {
        return byId.get(id);
    }
}
