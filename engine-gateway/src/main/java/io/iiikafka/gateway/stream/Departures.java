package io.iiikafka.gateway.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;

/**
 * What gateways that end leave behind is cleared away by those that stay, or by the next to come where none does: it learns
 * from the catalog who went before it was there. A gateway that others only took for dead
 * subscribes its sockets anew as soon as it is in the catalog again: keepers, which know at least as much of the catalog as
 * who asks them, take nobody for gone any more then, and tell it what happens.
 */
final class Departures implements CatalogListener {

    /** Further back than that somebody else was there. */
    private static final int MOST_MISSED = 64;

    private final String self;
    private final GroupCalls calls;
    private final StreamClients clients;
    private final Deque<String> missed = new ArrayDeque<>();
    private boolean active;

    Departures(String self, GroupCalls calls, StreamClients clients) {
        this.self = self;
        this.calls = calls;
        this.clients = clients;
    }

    void begin() {
        List<String> gone;
        synchronized (this) {
            active = true;
            gone = List.copyOf(missed);
            missed.clear();
        }
        gone.forEach(calls::depart);
    }

    synchronized void end() {
        active = false;
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.before() == null && change.after() instanceof CatalogEntry.Gateway come) {
            if (come.id().equals(self) && isActive()) {
                clients.all().forEach(client -> client.execute(client.subscriptions()::rejoin));
            }
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Gateway gone) {
            if (!gone.id().equals(self) && !misses(gone.id())) {
                calls.depart(gone.id());
            }
        }
    }

    private synchronized boolean isActive() {
        return active;
    }

    /** Notes, for when it begins, who goes while it is not active. */
    private synchronized boolean misses(String gateway) {
        if (!active) {
            missed.addLast(gateway);
            if (missed.size() > MOST_MISSED) {
                missed.removeFirst();
            }
        }
        return !active;
    }
}
