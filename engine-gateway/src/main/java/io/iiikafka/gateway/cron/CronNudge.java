package io.iiikafka.gateway.cron;

import java.util.concurrent.atomic.AtomicBoolean;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.trigger.KeeperNudge;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.vertx.core.Vertx;

/**
 * Has the keeper look at the catalog when a schedule has come or changed: its threads are not told of changes there. One
 * nudge is for all changes of a moment.
 */
final class CronNudge implements CatalogListener {

    private static final long MOMENT_MS = 10;

    private final Vertx vertx;
    private final Catalog catalog;
    private final Connections connections;
    private final KeeperNudge nudge;
    private final AtomicBoolean pending = new AtomicBoolean();
    private volatile boolean begun;

    CronNudge(Vertx vertx, Catalog catalog, Connections connections, EngineInvoker invoker) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.connections = connections;
        this.nudge = new KeeperNudge(invoker, "New schedules begin");
    }

    /** What was there before, the keeper has seen. */
    void begin() {
        begun = true;
    }

    @Override
    public void changed(CatalogChange change) {
        if (begun && matters(change) && pending.compareAndSet(false, true)) {
            vertx.setTimer(MOMENT_MS, timer -> nudge());
        }
    }

    private boolean matters(CatalogChange change) {
        return switch (change.after()) {
            // One without a connection is everybody's: that two gateways say it does no harm.
            case CatalogEntry.Trigger trigger -> trigger.type().equals(CronTriggerType.ID)
                    && (trigger.connection() == null || connections.get(trigger.connection()) != null);
            // By its name a worker is a replica of others.
            case CatalogEntry.Worker worker -> connections.get(worker.id()) != null
                    && catalog.keysOf(worker.id()).stream().anyMatch(key -> isCron(key, worker.id()));
            case null, default -> false;
        };
    }

    private boolean isCron(String key, String connection) {
        var stored = key.startsWith(EntryKey.trigger(connection, "")) ? catalog.entry(key) : null;
        return stored != null
                && stored.entry() instanceof CatalogEntry.Trigger trigger
                && trigger.type().equals(CronTriggerType.ID);
    }

    private void nudge() {
        pending.set(false);
        nudge.send();
    }
}
