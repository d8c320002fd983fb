package io.iiikafka.gateway.trigger;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Triggers that name a subscription outlive their connection: what a worker of this gateway registers so is registered
 * once more, as a durable trigger {@code <type>::durable::<name>}. It hears of events while no worker is connected, and
 * ends when somebody unregisters it. And those that begin in the past are shown to the keeper.
 */
public final class Subscriptions implements CatalogListener {

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Triggers triggers;
    private final KeeperNudge nudge;
    private volatile boolean begun;

    /** @param triggers follow the catalog before this does */
    public Subscriptions(Catalog catalog, CatalogWriter writer, Connections connections, Triggers triggers, EngineInvoker invoker) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
        this.triggers = triggers;
        this.nudge = new KeeperNudge(invoker, "A trigger is told of the past");
    }

    /** What was in the catalog before, the keeper has seen. */
    public void begin() {
        begun = true;
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Trigger trigger && matters(trigger)) {
            TriggerConfig config = config(trigger, change.offset());
            if (config != null && config.looksBack()) {
                nudge.send(); // it sees a new trigger when something happens that it hears of; the past has to be told now
            }
            if (config != null && config.subscription() != null && trigger.connection() != null) {
                keep(trigger, config.subscription());
            }
        }
    }

    /** One without a connection is everybody's: that two gateways show it does no harm. */
    private boolean matters(CatalogEntry.Trigger trigger) {
        return trigger.connection() == null ? begun : connections.get(trigger.connection()) != null;
    }

    /** Null when it is none that the keeper fires, or was refused. */
    private @Nullable TriggerConfig config(CatalogEntry.Trigger trigger, long offset) {
        Triggers.Applied applied = triggers.get(trigger.id());
        return applied != null
                        && applied.trigger().offset() == offset
                        && applied.state() instanceof TriggerState.Builtin builtin
                        && triggers.builtin(builtin) instanceof KeeperTriggerType type
                ? type.read(trigger.config())
                : null;
    }

    private void keep(CatalogEntry.Trigger trigger, String subscription) {
        CatalogEntry.Trigger kept = new CatalogEntry.Trigger(
                null,
                trigger.type() + "::durable::" + subscription,
                trigger.type(),
                trigger.functionId(),
                trigger.namespace(),
                trigger.triggerNamespace(),
                trigger.home(),
                trigger.config(),
                trigger.metadata());
        Stored<CatalogEntry> present = catalog.entry(kept.key());
        if (present == null || !present.entry().equals(kept)) {
            writer.put(kept);
        }
    }
}
