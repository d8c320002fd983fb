package io.iiikafka.gateway.socket;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** The worker connections of this gateway, by id. */
public final class Connections {

    private final Map<String, WorkerConnection> byId = new ConcurrentHashMap<>();

    void add(WorkerConnection connection) {
        byId.put(connection.id(), connection);
    }

    void remove(WorkerConnection connection) {
        byId.remove(connection.id());
    }

    /** The connection, if it is one of this gateway's. */
    public @Nullable WorkerConnection get(@Nullable String id) {
        return id == null ? null : byId.get(id);
    }

    public Collection<WorkerConnection> all() {
        return byId.values();
    }
}
