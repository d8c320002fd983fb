package io.iiikafka.gateway.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.iiikafka.gateway.timer.Beat;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this gateway in the catalog, and takes out those that stopped renewing.
 *
 * <p>A gateway counts as dead when it was silent for its lease as counted by ticks of this gateway's own clock: a
 * process that was itself frozen has ticked as little as the others seemed to be silent, and condemns nobody.
 */
public final class GatewayLease implements CatalogListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayLease.class);
    private static final long TICK_MS = 1_000;

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Runnable condemned;
    private final Supplier<@Nullable Map<Integer, List<Long>>> owes;
    private final Consumer<Map<Integer, List<Long>>> answerFor;
    private final Map<String, Integer> silentTicks = new HashMap<>();
    private final Set<String> buried = ConcurrentHashMap.newKeySet();
    private final Beat beat;
    private CatalogEntry.Gateway self;
    private boolean joined;
    private boolean closed;

    /**
     * @param condemned called when others took this gateway out of the catalog though it lives
     * @param owes what this gateway's entry says that it {@linkplain CatalogEntry.Gateway#owes() owes}
     * @param answerFor told what a gateway owed that this one takes out
     */
    public GatewayLease(
            Vertx vertx,
            Catalog catalog,
            CatalogWriter writer,
            CatalogEntry.Gateway self,
            Runnable condemned,
            Supplier<@Nullable Map<Integer, List<Long>>> owes,
            Consumer<Map<Integer, List<Long>>> answerFor) {
        this.catalog = catalog;
        this.writer = writer;
        this.self = self;
        this.condemned = condemned;
        this.owes = owes;
        this.answerFor = answerFor;
        catalog.listen(this);
        this.beat = Beat.every(TICK_MS, vertx, this::tick);
    }

    /** Writes these slots to the catalog, so that calls are sent there. */
    public synchronized Future<Void> ownSlots(Set<Integer> slots) {
        return write(slots.stream().sorted().toList(), self.workerAddress(), self.draining());
    }

    /** Says at which {@code host:port} other gateways reach this one. */
    public synchronized void advertise(String workerAddress) {
        write(self.slots(), workerAddress, self.draining());
    }

    /** Asks routers to avoid this gateway if they can. */
    public synchronized void drain() {
        write(self.slots(), self.workerAddress(), true);
    }

    /** Writes the entry once more: because others took it out, or what it says of debts has changed. */
    public synchronized Future<Void> renew() {
        return write(self.slots(), self.workerAddress(), self.draining());
    }

    private Future<Void> write(List<Integer> slots, String workerAddress, boolean draining) {
        self = new CatalogEntry.Gateway(
                self.id(),
                self.shortId(),
                slots,
                workerAddress,
                self.version(),
                self.startedAtMs(),
                clusterStartedAtMs(),
                System.currentTimeMillis(),
                self.leaseMs(),
                draining,
                owes.get());
        if (closed) {
            return Future.succeededFuture();
        }
        joined = true;
        return writer.put(self);
    }

    /** The oldest that any live gateway knows of. */
    private long clusterStartedAtMs() {
        return catalog.gateways().stream()
                .filter(gateway -> !buried.contains(gateway.id()))
                .mapToLong(CatalogEntry.Gateway::clusterStartedAtMs)
                .reduce(self.clusterStartedAtMs(), Math::min);
    }

    private synchronized void tick() {
        if (closed) {
            return;
        }
        if (joined && System.currentTimeMillis() - self.renewedAtMs() >= self.leaseMs() / 3) {
            renew();
        }
        for (CatalogEntry.Gateway gateway : List.copyOf(catalog.gateways())) {
            int silent = gateway.id().equals(self.id()) ? 0 : silentTicks.merge(gateway.id(), 1, Integer::sum);
            if (silent * TICK_MS > gateway.leaseMs() + TICK_MS) {
                LOG.atWarn()
                        .addKeyValue("gateway", gateway.id())
                        .log("A gateway is gone: it did not renew its lease");
                bury(gateway.id());
            }
        }
    }

    /** Takes a gateway that is gone, and all that was registered through it, out of the catalog. */
    public void bury(String gateway) {
        buried.add(gateway);
        CatalogEntry.Gateway entry = catalog.gateway(gateway);
        if (entry != null && entry.owes() != null) {
            answerFor.accept(entry.owes());
        }
        writer.remove(EntryKey.gateway(gateway));
        for (CatalogEntry.Worker worker : catalog.workersOf(gateway)) {
            writer.remove(worker.key());
            writer.removeAll(catalog.keysOf(worker.id()));
        }
    }

    /** Removes what connections left behind whose own entry is gone. Only right after the catalog was caught up with. */
    public void sweepOrphans() {
        for (String connection : catalog.orphans()) {
            writer.removeAll(catalog.keysOf(connection));
        }
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Gateway gateway) {
            synchronized (this) {
                silentTicks.put(gateway.id(), 0);
            }
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Gateway gateway) {
            boolean mine;
            synchronized (this) {
                silentTicks.remove(gateway.id());
                mine = gateway.id().equals(self.id()) && !closed;
            }
            if (mine) {
                LOG.warn("Other gateways took this one for dead; its workers are asked to reconnect");
                condemned.run();
            }
        }
    }

    /** Leaves the catalog; whatever was registered through this gateway ends with it. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        beat.stop();
        writer.remove(EntryKey.gateway(self.id()));
    }
}
