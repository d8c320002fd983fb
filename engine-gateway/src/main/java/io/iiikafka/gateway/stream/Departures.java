package io.iiikafka.gateway.stream;

import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;

/**
 * What gateways that end leave behind is cleared away by those that stay. A gateway that others only took for dead
 * subscribes its sockets anew as soon as it is in the catalog again: keepers, which know at least as much of the catalog as
 * who asks them, take nobody for gone any more then, and tell it what happens.
 */
final class Departures implements CatalogListener {

    private final String self;
    private final GroupCalls calls;
    private final StreamClients clients;
    private volatile boolean active;

    Departures(String self, GroupCalls calls, StreamClients clients) {
        this.self = self;
        this.calls = calls;
        this.clients = clients;
    }

    void begin() {
        active = true;
    }

    void end() {
        active = false;
    }

    @Override
    public void changed(CatalogChange change) {
        if (!active) {
            return;
        }
        if (change.before() == null && change.after() instanceof CatalogEntry.Gateway come) {
            if (come.id().equals(self)) {
                clients.all().forEach(client -> client.execute(client.subscriptions()::rejoin));
            }
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Gateway gone) {
            if (!gone.id().equals(self)) {
                calls.depart(gone.id());
            }
        }
    }
}
