package io.iiikafka.gateway.channel;

import java.util.Optional;
import java.util.function.IntFunction;

import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.vertx.core.Vertx;

/** Everything about channels on one gateway. */
public final class ChannelRoom implements CatalogListener, AutoCloseable {

    private final ChannelRegistry registry;
    private final ChannelRelay relay;
    private final ChannelSockets sockets;
    private final ChannelsCreate create;

    /**
     * @param shortId this gateway's
     * @param addresses gives {@code host:port} of the worker listener of the gateway with that short id
     */
    public ChannelRoom(Vertx vertx, int shortId, ChannelSettings settings, IntFunction<Optional<String>> addresses) {
        this.registry = new ChannelRegistry(vertx, shortId, settings);
        this.relay = new ChannelRelay(vertx, registry, addresses);
        this.sockets = new ChannelSockets(registry, relay);
        this.create = new ChannelsCreate(registry);
    }

    public ChannelRegistry registry() {
        return registry;
    }

    /** Serves requests for data sockets. */
    public ChannelSockets sockets() {
        return sockets;
    }

    public ChannelsCreate create() {
        return create;
    }

    /** A worker's channels that nobody has opened go with it. */
    @Override
    public void changed(CatalogChange change) {
        if (change.before() instanceof CatalogEntry.Worker worker && change.after() == null) {
            registry.creatorGone(worker.id());
        }
    }

    @Override
    public void close() {
        registry.close();
        relay.close();
    }
}
