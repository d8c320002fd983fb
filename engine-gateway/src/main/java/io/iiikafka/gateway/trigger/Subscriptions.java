package io.iiikafka.gateway.trigger;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Triggers that name a subscription outlive their connection: what a worker of this gateway registers so is registered
 * once more, as a durable trigger {@code <type>::durable::<name>}. It hears of events while no worker is connected, and
 * ends when somebody {@linkplain io.iiikafka.gateway.engine.EngineFunctions unregisters} it.
 */
public final class Subscriptions implements CatalogListener {

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Triggers triggers;

    /** @param triggers follow the catalog before this does */
    public Subscriptions(Catalog catalog, CatalogWriter writer, Connections connections, Triggers triggers) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
        this.triggers = triggers;
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Trigger trigger
                && trigger.connection() != null
                && connections.get(trigger.connection()) != null) {
            String subscription = subscription(trigger, change.offset());
            if (subscription != null) {
                keep(trigger, subscription);
            }
        }
    }

    /** Null when it names none, or was refused. */
    private @Nullable String subscription(CatalogEntry.Trigger trigger, long offset) {
        Triggers.Applied applied = triggers.get(trigger.id());
        return applied != null
                        && applied.trigger().offset() == offset
                        && applied.state() instanceof TriggerState.Builtin builtin
                        && triggers.builtin(builtin) instanceof KeeperTriggerType type
                ? type.subscription(trigger.config())
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
